/** TLS ClientHellos, sound ones and others. */
export type HelloParts = {
  readonly extensions?: readonly (readonly [type: number, body: Buffer])[];
  readonly version?: number;
  /** Bytes after the extensions. */
  readonly rest?: Buffer;
  readonly withoutExtensions?: boolean;
};

export function vector(lengthBytes: 1 | 2 | 3, bytes: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(bytes.length, 0, lengthBytes);
  return Buffer.concat([length, bytes]);
}

export function serverNames(...names: readonly (readonly [type: number, name: string])[]): readonly [number, Buffer] {
  const list = names.map(([type, name]) => Buffer.concat([Buffer.of(type), vector(2, Buffer.from(name, 'latin1'))]));
  return [0, vector(2, Buffer.concat(list))];
}

/** The handshake message. */
export function helloMessage({ extensions = [serverNames([0, 'a.example'])], withoutExtensions, rest }: HelloParts = {}): Buffer {
  const all = extensions.map(([type, body]) => Buffer.concat([Buffer.of(type >> 8, type & 255), vector(2, body)]));
  const body = Buffer.concat([
    Buffer.of(3, 3),
    Buffer.alloc(32, 7),
    vector(1, Buffer.alloc(32, 9)),
    vector(2, Buffer.of(0x13, 0x01, 0x13, 0x02)),
    vector(1, Buffer.of(0)),
    ...(withoutExtensions === true ? [] : [vector(2, Buffer.concat(all))]),
    rest ?? Buffer.alloc(0),
  ]);
  return Buffer.concat([Buffer.of(1), vector(3, body)]);
}

/** In records of so many bytes. */
export function records(message: Buffer, bytes = 16_384): Buffer {
  const count = Math.ceil(message.length / bytes);
  return Buffer.concat(
    Array.from({ length: count }, (_, index) =>
      Buffer.concat([Buffer.of(22, 3, 1), vector(2, message.subarray(index * bytes, (index + 1) * bytes))]),
    ),
  );
}

export function hello(parts: HelloParts = {}): Buffer {
  return records(helloMessage(parts));
}
