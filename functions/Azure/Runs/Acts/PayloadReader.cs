using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Serverless.Functions.Azure.Http;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Runs.Acts;

/// <summary>
/// Inputs and events as operators write them: read as what the orchestrator expects before anything is sent, since one that it cannot read
/// would fail the run.
/// </summary>
internal static class PayloadReader
{
    /// <param name="what">"input" or "payload".</param>
    /// <exception cref="RequestProblem">It is no such record.</exception>
    public static object Read(JsonElement? given, Type type, string what)
    {
        if (given is not { } json)
        {
            throw RequestProblem.BadRequest($"{what} is missing; it has {Join(Describe(type))}.");
        }
        try
        {
            return GivenJson.Read(json, type, what);
        }
        catch (JsonException e)
        {
            throw RequestProblem.BadRequest($"{what} cannot be read. {JsonFault.Describe(e)} It has {Join(Describe(type))}.");
        }
    }

    /// <summary>The members of a record, "run: Int32"; a value that is none describes itself.</summary>
    public static IReadOnlyList<string> Describe(Type type)
    {
        JsonTypeInfo known = StoredJson.Options.GetTypeInfo(type);
        return known.Kind == JsonTypeInfoKind.Object
            ? [.. known.Properties.Select(member => $"{member.Name}: {NameOf(member.PropertyType)}")]
            : [NameOf(type)];
    }

    private static string NameOf(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? NameOf(inner)
        : type.IsGenericType ? $"{type.Name.Split('`')[0]} of {string.Join(", ", type.GenericTypeArguments.Select(NameOf))}"
        : type.Name;

    private static string Join(IEnumerable<string> members) => string.Join(", ", members);
}
