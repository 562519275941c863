using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Functions.Azure.Http;

/// <summary>Section <c>People</c>.</summary>
internal sealed class PeopleOptions
{
    /// <summary>The header in which the sign-in before the app names who is signed in, and which it takes from callers: with App Service
    /// authentication <c>X-MS-CLIENT-PRINCIPAL-NAME</c>. Without it callers say themselves who they are.</summary>
    public string? SignedInHeader { get; set; }
}

/// <summary>Who asks: what is approved and recorded names people, not keys.</summary>
internal static class Requester
{
    public const string Header = "X-Requested-By";

    /// <summary>How the header is described to callers.</summary>
    public const string HeaderDescription =
        "Who asks, in 1 to 128 characters; what is not ASCII, and '%', is percent-encoded in UTF-8 (Ana L%C3%B3pez)";

    /// <summary>Under which bodies and queries once said it.</summary>
    public const string FormerName = "by";

    private const int MaxCharacters = 128;

    /// <summary>Who is signed in, or else who the caller says it is.</summary>
    public static string ReadRequester(this HttpRequest request) =>
        SignedIn(request)
        ?? Checked(Header, HeaderText.Decode(Header, request.Headers[Header].ToString()))
        ?? throw RequestProblem.BadRequest($"The header {Header} is missing; it names who asks.");

    /// <param name="place">Where it was said instead.</param>
    public static string Misplaced(string place) =>
        $"'{FormerName}' is not taken in the {place}; who asks is named in the header {Header}, percent-encoded in UTF-8.";

    /// <summary>Taken as the sign-in wrote it: to decode it could give two people one name.</summary>
    private static string? SignedIn(HttpRequest request)
    {
        if (request.HttpContext.RequestServices?.GetService<PeopleOptions>()?.SignedInHeader is not { Length: > 0 } header)
        {
            return null;
        }
        return Checked(header, request.Headers[header].ToString())
            ?? throw new RequestProblem(
                StatusCodes.Status401Unauthorized,
                $"Nobody is signed in: the header {header}, which the sign-in before this app sets (People:SignedInHeader), is missing."
            );
    }

    private static string? Checked(string header, string by)
    {
        if (string.IsNullOrWhiteSpace(by))
        {
            return null;
        }
        return by.Length <= MaxCharacters && !by.Any(char.IsControl)
            ? by.Trim()
            : throw RequestProblem.BadRequest(
                $"The header {header} has {by.Length} characters; allowed are 1 to {MaxCharacters} printable ones."
            );
    }
}
