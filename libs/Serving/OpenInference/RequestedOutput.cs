using System.Text.Json;

namespace Serverless.Serving.OpenInference;

/// <summary>An output that is asked for (section "Request Output").</summary>
/// <param name="Binary">Whether as binary data; null where the request as a whole says so.</param>
/// <param name="Classes">How many of the highest values, as classes; null for the tensor itself.</param>
public sealed record RequestedOutput(string Name, bool? Binary, int? Classes = null)
{
    public static List<RequestedOutput> ReadAll(ref Utf8JsonReader json, ProtocolLimits limits)
    {
        json.Expect(JsonTokenType.StartArray, "outputs");
        List<RequestedOutput> outputs = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            string what = $"outputs[{outputs.Count}]";
            if (outputs.Count == limits.MaxTensors)
            {
                throw Refusal.TooLarge($"The request asks for more than {limits.MaxTensors} outputs, which is the most allowed.");
            }
            json.Expect(JsonTokenType.StartObject, what);
            string? name = null;
            Dictionary<string, object>? parameters = null;
            UniqueMembers members = new(what);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                members.Take(ref json);
                if (json.ValueTextEquals("name"u8))
                {
                    name = json.IsNullValue() ? null : json.ReadText($"{what}.name", limits.MaxNameCharacters);
                }
                else if (json.ValueTextEquals("parameters"u8))
                {
                    parameters = json.IsNullValue() ? null : json.ReadParameters($"Parameter of {what}", limits);
                }
                else
                {
                    json.SkipValue();
                }
            }

            if (name is null)
            {
                throw Refusal.Invalid($"{what} has no name.");
            }
            if (outputs.Any(other => other.Name == name))
            {
                throw Refusal.Invalid($"Output '{name}' is asked for twice.");
            }
            outputs.Add(Of(name, parameters ?? []));
        }
        return outputs;
    }

    private static RequestedOutput Of(string name, Dictionary<string, object> parameters)
    {
        string what = $"Parameter of output '{name}'";
        parameters.Remove(ClassifiedOutput.Extension, out object? classes);
        parameters.RefuseExtensions(what);
        return new RequestedOutput(
            name,
            parameters.Flag(BinaryTensorData.OutputParameter, what),
            classes switch
            {
                null => null,
                long count and >= 1 and <= int.MaxValue => (int)count,
                _ => throw Refusal.Invalid(
                    $"{what} '{ClassifiedOutput.Extension}' is {JsonTokens.Show(classes)}; allowed are whole numbers from 1."
                ),
            }
        );
    }
}
