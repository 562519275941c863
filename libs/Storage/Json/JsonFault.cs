using System.Text.Json;
using System.Text.RegularExpressions;

namespace Serverless.Storage;

/// <summary>What is wrong with somebody's JSON, in words for whoever wrote it: the exception's own name types of ours.</summary>
public static partial class JsonFault
{
    public static string Describe(JsonException fault)
    {
        if (MissingMembers().Match(fault.Message) is { Success: true } missing)
        {
            return $"The object lacks {missing.Groups[1].Value}{Place(fault)}.";
        }
        return OtherKind().IsMatch(fault.Message) ? $"The value is not of the kind that belongs there{Place(fault)}." : fault.Message;
    }

    /// <summary>The member that the record does not have; null where the fault is another.</summary>
    public static string? UnknownMemberOf(JsonException fault) => (fault as UnknownMemberException)?.Member;

    private static string Place(JsonException fault) => fault.Path is { Length: > 0 } path ? $" ({path})" : "";

    [GeneratedRegex("was missing required properties including: (.*)\\.$")]
    private static partial Regex MissingMembers();

    [GeneratedRegex("^The JSON value could not be converted to|^JSON deserialization for type")]
    private static partial Regex OtherKind();
}
