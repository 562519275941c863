using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Assets;

/// <summary>What an upload says of itself, as parameters <c>meta.{name}</c>: unlike headers they hold every character.</summary>
internal static class GivenQuery
{
    private const string Prefix = "meta.";

    /// <exception cref="RequestProblem">A store could not keep it.</exception>
    public static IReadOnlyDictionary<string, string> ReadGiven(this HttpRequest request, int maxCharacters = GivenMetadata.MaxCharacters)
    {
        Dictionary<string, string> given = request
            .Query.Where(one => one.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && one.Key.Length > Prefix.Length)
            .ToDictionary(one => one.Key[Prefix.Length..].ToLowerInvariant(), one => one.Value.ToString());
        return GivenMetadata.FaultOf(given, maxCharacters) is { } fault ? throw RequestProblem.BadRequest(fault) : given;
    }
}
