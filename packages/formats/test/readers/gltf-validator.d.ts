declare module 'gltf-validator' {
  interface Report {
    readonly issues: {
      readonly numErrors: number;
      readonly numWarnings: number;
      readonly numInfos: number;
      readonly messages: readonly { readonly code: string; readonly message: string; readonly pointer?: string }[];
    };
  }
  /** Validates a GLB or glTF asset: the validator of the Khronos Group. */
  export function validateBytes(bytes: Uint8Array, options?: object): Promise<Report>;
}
