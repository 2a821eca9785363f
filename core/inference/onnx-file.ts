/**
 * What an ONNX file says of itself: enough to refuse one that is not what its manifest says, without a package and
 * without running it. The format is protobuf (onnx.proto3, IR version 8); fields are read by number.
 */

export interface OnnxTensor {
  readonly name: string;
  /** -1 = a dimension that is not fixed. */
  readonly shape: readonly number[];
}

export interface OnnxFacts {
  /** Version by domain; the standard operators' is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Operator -> how often. */
  readonly operators: Readonly<Record<string, number>>;
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
  /** Weights lie in another file, which nothing vouches for. */
  readonly externalData: boolean;
}

type Field =
  | { readonly number: number; readonly kind: 'varint'; readonly value: number }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Buffer };

/** @throws RangeError when the bytes end too early or are not an ONNX model. */
export function readOnnx(content: Buffer): OnnxFacts {
  const opsets: Record<string, number> = {};
  let graph: Buffer | undefined;
  for (const field of fieldsOf(content)) {
    if (field.kind !== 'bytes') continue;
    if (field.number === 7) graph = field.value;
    if (field.number === 8) {
      const parts = [...fieldsOf(field.value)];
      const domain = textOf(parts, 1);
      opsets[domain === '' ? 'ai.onnx' : domain] = numberOf(parts, 2) ?? 0;
    }
  }
  if (graph === undefined) throw new RangeError('it is no ONNX model: it has no graph');
  const operators: Record<string, number> = {};
  const [inputs, outputs]: OnnxTensor[][] = [[], []];
  let externalData = false;
  for (const field of fieldsOf(graph)) {
    if (field.kind !== 'bytes') continue;
    if (field.number === 1) {
      const name = textOf([...fieldsOf(field.value)], 4);
      operators[name] = (operators[name] ?? 0) + 1;
    }
    // TensorProto.data_location: 1 = external.
    if (field.number === 5) externalData ||= numberOf([...fieldsOf(field.value)], 14) === 1;
    if (field.number === 11) inputs?.push(tensorOf(field.value));
    if (field.number === 12) outputs?.push(tensorOf(field.value));
  }
  return { opsets, operators, inputs: inputs ?? [], outputs: outputs ?? [], externalData };
}

/** ValueInfoProto: name, and the shape out of type.tensor_type.shape.dim[]. */
function tensorOf(content: Buffer): OnnxTensor {
  const parts = [...fieldsOf(content)];
  const shape = within(within(within(parts, 2), 1), 2);
  const dimensions = shape.flatMap((field) =>
    field.number === 1 && field.kind === 'bytes' ? [field.value] : [],
  );
  return {
    name: textOf(parts, 1),
    shape: dimensions.map((dimension) => numberOf([...fieldsOf(dimension)], 1) ?? -1),
  };
}

function within(fields: readonly Field[], number: number): Field[] {
  const found = fields.find((field) => field.number === number);
  return found?.kind === 'bytes' ? [...fieldsOf(found.value)] : [];
}

function textOf(fields: readonly Field[], number: number): string {
  const found = fields.find((field) => field.number === number);
  return found?.kind === 'bytes' ? found.value.toString('utf8') : '';
}

function numberOf(fields: readonly Field[], number: number): number | undefined {
  const found = fields.find((field) => field.number === number);
  return found?.kind === 'varint' ? found.value : undefined;
}

function* fieldsOf(content: Buffer): Generator<Field, void> {
  let position = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = content[position];
      if (byte === undefined) throw new RangeError('it ends too early');
      position += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  const skip = (bytes: number): Buffer => {
    if (position + bytes > content.length) throw new RangeError('it ends too early');
    position += bytes;
    return content.subarray(position - bytes, position);
  };
  while (position < content.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, kind: 'varint', value: varint() };
        break;
      case 1:
        skip(8);
        break;
      case 2:
        yield { number, kind: 'bytes', value: skip(varint()) };
        break;
      case 5:
        skip(4);
        break;
      default:
        throw new RangeError('it is no ONNX model');
    }
  }
}
