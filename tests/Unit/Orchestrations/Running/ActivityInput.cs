using System.Text.Json;

namespace Serverless.Unit.Orchestrations.Running;

/// <summary>The framework carries an activity's one input as an array of one element.</summary>
internal static class ActivityInput
{
    public static string? Unwrap(string? input)
    {
        if (input is null)
        {
            return null;
        }
        using JsonDocument array = JsonDocument.Parse(input);
        return array.RootElement.ValueKind == JsonValueKind.Array && array.RootElement.GetArrayLength() == 1
            ? array.RootElement[0].GetRawText()
            : input;
    }
}
