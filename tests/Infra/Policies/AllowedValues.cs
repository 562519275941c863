using System.Text.Json;
using Serverless.Infra.Terraform;

namespace Serverless.Infra.Policies;

/// <summary>
/// What the providers themselves would refuse and their schemas do not say: values that are no member of an enumeration, and blocks of
/// which exactly one must stand. Kept as data, in allowed-values.json.
/// </summary>
internal static class AllowedValues
{
    private static readonly Rules All = JsonSerializer.Deserialize<Rules>(
        SourceTree.Read("tests/Infra/Policies/allowed-values.json"),
        JsonSerializerOptions.Web
    )!;

    public static IEnumerable<string> Check(Applied applied) =>
        [
            .. from type in All.Values
            from resource in applied.Of(type.Key)
            from rule in type.Value
            let found = resource.Text(rule.Key)
            where found.Length > 0 && !rule.Value.Contains(found)
            select $"{resource.Address}: {rule.Key} is '{found}'; allowed are {string.Join(", ", rule.Value)}.",
            .. from type in All.ExactlyOne
            from resource in applied.Of(type.Key)
            let found = type.Value.Where(path => resource.Text(path) is { Length: > 0 } text && text != "[]").ToArray()
            where found.Length != 1
            select $"{resource.Address}: it has {found.Length} of {string.Join(", ", type.Value)}; expected is one.",
        ];

    private sealed record Rules(Dictionary<string, Dictionary<string, string[]>> Values, Dictionary<string, string[]> ExactlyOne);
}
