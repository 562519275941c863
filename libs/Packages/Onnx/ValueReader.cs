namespace Serverless.Packages.Onnx;

/// <summary>Reads ValueInfoProto messages: the name, element and shape of an input, output or intermediate tensor.</summary>
internal static class ValueReader
{
    public static OnnxValue Read(ReadOnlySpan<byte> message)
    {
        var result = new OnnxValue("", OnnxElement.NotATensor, null);
        for (var value = new ProtoReader(message); value.Next(); )
        {
            switch (value.Field)
            {
                case 1:
                    result = result with { Name = value.Text(OnnxReader.MaxNameBytes) };
                    break;
                case 2:
                    result = ReadType(value.Bytes(), result);
                    break;
                default:
                    value.Skip();
                    break;
            }
        }
        return result;
    }

    private static OnnxValue ReadType(ReadOnlySpan<byte> message, OnnxValue value)
    {
        for (var type = new ProtoReader(message); type.Next(); )
        {
            if (type.Field != 1)
            {
                type.Skip();
                continue;
            }
            for (var tensor = new ProtoReader(type.Bytes()); tensor.Next(); )
            {
                switch (tensor.Field)
                {
                    case 1:
                        value = value with { Element = (OnnxElement)tensor.Integer() };
                        break;
                    case 2:
                        value = ReadShape(tensor.Bytes(), value);
                        break;
                    default:
                        tensor.Skip();
                        break;
                }
            }
        }
        return value;
    }

    private static OnnxValue ReadShape(ReadOnlySpan<byte> message, OnnxValue value)
    {
        List<long> dimensions = [];
        List<string?> symbols = [];
        for (var shape = new ProtoReader(message); shape.Next(); )
        {
            if (shape.Field != 1)
            {
                shape.Skip();
                continue;
            }
            long size = -1;
            string? symbol = null;
            for (var dimension = new ProtoReader(shape.Bytes()); dimension.Next(); )
            {
                switch (dimension.Field)
                {
                    case 1:
                        size = dimension.Integer();
                        break;
                    case 2:
                        symbol = dimension.Text(OnnxReader.MaxNameBytes);
                        break;
                    default:
                        dimension.Skip();
                        break;
                }
            }
            if (dimensions.Count == TensorReader.MaxRank)
            {
                throw new InvalidDataException($"a tensor of more than {TensorReader.MaxRank} dimensions");
            }
            dimensions.Add(size > 0 ? size : -1);
            symbols.Add(symbol);
        }
        return value with { Shape = [.. dimensions], Symbols = symbols };
    }
}
