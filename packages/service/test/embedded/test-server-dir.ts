/** The variable that tells the processes of one test run where their PostgreSQL lives. */
export const TEST_SERVER_DIR = 'GAITWAY_TEST_POSTGRES_DIR';
