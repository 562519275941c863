using Microsoft.AspNetCore.Http;

namespace Serverless.Functions.Azure.Http;

/// <summary>The header If-Match (RFC 9110, 13.1.1): what must be there for a change to be made.</summary>
internal static class IfMatch
{
    /// <summary>Whatever is there, but something.</summary>
    public const string Any = "*";

    /// <summary>The one tag, without its quotes, or <see cref="Any"/>; null where there is no such header.</summary>
    /// <exception cref="RequestProblem">It is a weak tag, a list of tags, or no tag at all.</exception>
    public static string? ReadIfMatch(this HttpRequest request)
    {
        string match = request.Headers.IfMatch.ToString().Trim();
        if (match.Length == 0)
        {
            return null;
        }
        string tag = match is ['"', .. var quoted, '"'] ? quoted : match;
        return tag.Length > 0 && !tag.AsSpan().ContainsAny("\", ")
            ? tag
            : throw RequestProblem.BadRequest($"The header If-Match is {match}; allowed are * and one tag, as ETag gave it.");
    }
}
