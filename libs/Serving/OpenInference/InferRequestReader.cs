using System.Text.Json;
using Serverless.Inference.Serving;

namespace Serverless.Serving.OpenInference;

/// <summary>
/// Reads the body of an inference request: JSON, and behind it the binary data of those inputs that say so. Inputs that came as binary
/// data are views of the body, which stays theirs.
/// </summary>
public ref struct InferRequestReader
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly ProtocolLimits _limits;
    private readonly int _jsonLength;
    private int _binaryAt;

    private InferRequestReader(ReadOnlyMemory<byte> body, int? jsonLength, ProtocolLimits limits)
    {
        if (jsonLength is { } stated && (stated < 0 || stated > body.Length))
        {
            throw Refusal.Invalid($"{BinaryTensorData.HeaderLength} is {stated}; allowed are 0 to {body.Length}, the bytes of the body.");
        }
        (_body, _limits) = (body, limits);
        _jsonLength = _binaryAt = jsonLength ?? body.Length;
    }

    /// <param name="jsonLength">The header Inference-Header-Content-Length, or null.</param>
    public static InferRequest Read(ReadOnlyMemory<byte> body, int? jsonLength, ProtocolLimits limits)
    {
        try
        {
            return new InferRequestReader(body, jsonLength, limits).Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for text that is not UTF-8
        {
            throw Refusal.Invalid($"The request is not the JSON that was expected: {e.Message}");
        }
    }

    private InferRequest Read()
    {
        string? id = null;
        IReadOnlyDictionary<string, object>? parameters = null;
        List<NamedTensor>? inputs = null;
        List<RequestedOutput>? outputs = null;
        Utf8JsonReader json = new(_body.Span[.._jsonLength]);
        json.Read();
        json.Expect(JsonTokenType.StartObject, "The request");
        UniqueMembers members = new("The request");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            members.Take(ref json);
            if (json.ValueTextEquals("id"u8))
            {
                id = json.IsNullValue() ? null : json.ReadText("id", _limits.MaxNameCharacters);
            }
            else if (json.ValueTextEquals("parameters"u8))
            {
                parameters = json.IsNullValue() ? null : json.ReadParameters("Parameter", _limits);
            }
            else if (json.ValueTextEquals("inputs"u8))
            {
                inputs = ReadInputs(ref json);
            }
            else if (json.ValueTextEquals("outputs"u8))
            {
                outputs = json.IsNullValue() ? null : RequestedOutput.ReadAll(ref json, _limits);
            }
            else
            {
                json.SkipValue();
            }
        }
        while (json.Read())
        {
            // Only white space may follow; the reader says so otherwise.
        }

        if (inputs is null)
        {
            throw Refusal.Invalid("The request has no inputs; at least one is needed.");
        }
        if (_binaryAt != _body.Length)
        {
            throw Refusal.Invalid(
                $"{_body.Length - _jsonLength} bytes of binary data follow the JSON; its inputs claim {_binaryAt - _jsonLength}."
            );
        }
        parameters ??= new Dictionary<string, object>();
        parameters.RefuseExtensions("Parameter");
        return new InferRequest(
            id,
            parameters,
            inputs,
            outputs,
            parameters.Flag(BinaryTensorData.AllOutputsParameter, "Parameter") ?? false
        );
    }

    private List<NamedTensor> ReadInputs(ref Utf8JsonReader json)
    {
        json.Read();
        json.Expect(JsonTokenType.StartArray, "inputs");
        List<NamedTensor> inputs = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (inputs.Count == _limits.MaxTensors)
            {
                throw Refusal.TooLarge($"The request has more than {_limits.MaxTensors} inputs, which is the most allowed.");
            }
            NamedTensor input = ReadInput(ref json, $"inputs[{inputs.Count}]");
            if (inputs.Any(other => other.Name == input.Name))
            {
                throw Refusal.Invalid($"Input '{input.Name}' is there twice.");
            }
            inputs.Add(input);
        }
        return inputs.Count > 0 ? inputs : throw Refusal.Invalid("inputs is empty; at least one is needed.");
    }

    private NamedTensor ReadInput(ref Utf8JsonReader json, string what)
    {
        json.Expect(JsonTokenType.StartObject, what);
        string? name = null;
        Datatype? datatype = null;
        long[]? shape = null;
        NamedTensor? data = null;
        IReadOnlyDictionary<string, object>? parameters = null;
        Utf8JsonReader later = default; // at the data, where it comes before what says how to read it
        bool isLater = false;
        UniqueMembers members = new(what);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            members.Take(ref json);
            if (json.ValueTextEquals("name"u8))
            {
                name = json.IsNullValue() ? null : json.ReadText($"{what}.name", _limits.MaxNameCharacters);
            }
            else if (json.ValueTextEquals("datatype"u8))
            {
                datatype = ReadDatatype(ref json, what);
            }
            else if (json.ValueTextEquals("shape"u8))
            {
                shape = ReadShape(ref json, what);
            }
            else if (json.ValueTextEquals("parameters"u8))
            {
                parameters = json.IsNullValue() ? null : json.ReadParameters($"Parameter of {what}", _limits);
            }
            else if (!json.ValueTextEquals("data"u8))
            {
                json.SkipValue();
            }
            else if (name is not null && datatype is { } known && shape is not null)
            {
                json.Read();
                data = ReadJson(ref json, name, known, shape);
            }
            else
            {
                json.Read();
                later = json;
                isLater = true;
                json.Skip();
            }
        }

        if (name is null || datatype is not { } type || shape is null)
        {
            throw Refusal.Invalid($"{what} has no {(name is null ? "name" : datatype is null ? "datatype" : "shape")}.");
        }
        int elements = ElementsOf(name, shape);
        if (isLater)
        {
            data = ReadJson(ref later, name, type, shape);
        }
        return ReadBinary(name, type, shape, elements, data, parameters);
    }

    private readonly NamedTensor ReadJson(ref Utf8JsonReader json, string name, Datatype datatype, long[] shape)
    {
        int elements = ElementsOf(name, shape);
        return elements <= _jsonLength // nobody shall make us reserve more than was sent
            ? new TensorDataReader(name, datatype, shape, elements).Read(ref json)
            : throw Refusal.Invalid(
                $"The shape [{string.Join(',', shape)}] of input '{name}' wants {elements} elements, more than the {_jsonLength} "
                    + $"bytes of JSON can hold."
            );
    }

    private NamedTensor ReadBinary(
        string name,
        Datatype datatype,
        long[] shape,
        int elements,
        NamedTensor? data,
        IReadOnlyDictionary<string, object>? parameters
    )
    {
        parameters?.RefuseExtensions($"Parameter of input '{name}'");
        object? size = parameters?.GetValueOrDefault(BinaryTensorData.SizeParameter);
        if (size is null)
        {
            return data ?? throw Refusal.Invalid($"Input '{name}' has neither data nor the parameter {BinaryTensorData.SizeParameter}.");
        }
        if (data is not null)
        {
            throw Refusal.Invalid(
                $"Input '{name}' has both data and the parameter {BinaryTensorData.SizeParameter}; allowed is one of them."
            );
        }
        int left = _body.Length - _binaryAt;
        if (size is not long bytes || bytes < 0 || bytes > left)
        {
            throw Refusal.Invalid(
                $"{BinaryTensorData.SizeParameter} of input '{name}' is {JsonTokens.Show(size)}; {left} bytes of binary data are left, as "
                    + $"{BinaryTensorData.HeaderLength} says where they begin."
            );
        }
        NamedTensor tensor = BinaryTensorData.Read(name, datatype, shape, elements, _body.Slice(_binaryAt, (int)bytes));
        _binaryAt += (int)bytes;
        return tensor;
    }

    private static Datatype ReadDatatype(ref Utf8JsonReader json, string what)
    {
        json.Read();
        string name = json.ReadText($"{what}.datatype", 16);
        return Datatypes.TryParse(name, out Datatype datatype)
            ? datatype
            : throw Refusal.Invalid($"{what}.datatype is '{name}'; allowed are {Datatypes.Allowed}.");
    }

    private readonly long[] ReadShape(ref Utf8JsonReader json, string what)
    {
        json.Read();
        json.Expect(JsonTokenType.StartArray, $"{what}.shape");
        List<long> shape = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (shape.Count == _limits.MaxRank)
            {
                throw Refusal.Invalid($"{what}.shape has more than {_limits.MaxRank} dimensions, which is the most allowed.");
            }
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long size) || size < 0)
            {
                throw Refusal.Invalid($"{what}.shape[{shape.Count}] is no integer of 0 or more.");
            }
            shape.Add(size);
        }
        return [.. shape];
    }

    private readonly int ElementsOf(string name, long[] shape)
    {
        UInt128 elements = 1;
        foreach (long size in shape)
        {
            elements *= (ulong)size;
            if (elements > ulong.MaxValue)
            {
                break; // with a 0 behind it this would be empty; nobody means that
            }
        }
        return elements <= (ulong)_limits.MaxElements
            ? (int)elements
            : throw Refusal.TooLarge(
                $"Input '{name}' has {elements:N0} elements by its shape [{string.Join(',', shape)}]; allowed are {_limits.MaxElements:N0}."
            );
    }
}
