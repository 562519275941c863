using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Access;

namespace Serverless.Functions.Azure.Http;

/// <summary>Who asks: what is approved and recorded names people, not keys.</summary>
internal static class Requester
{
    public const string Header = "X-Requested-By";

    /// <summary>How the header is described to callers.</summary>
    public const string HeaderDescription =
        "Who asks, in 1 to 128 characters; what is not ASCII, and '%', is percent-encoded in UTF-8 (Ana L%C3%B3pez)";

    /// <summary>Under which bodies and queries once said it.</summary>
    public const string FormerName = "by";

    public const int MaxCharacters = 128;

    /// <summary>Who is signed in, or else who the caller says it is.</summary>
    public static string ReadRequester(this HttpRequest request)
    {
        Caller caller = Caller.Of(request);
        if (caller.SignedInAs is { } name)
        {
            // Taken as the sign-in wrote it: to decode it could give two people one name.
            return name;
        }
        if (!caller.MayNameThemselves)
        {
            throw new RequestProblem(
                StatusCodes.Status401Unauthorized,
                $"Nobody is signed in: the header {ClientPrincipal.Header}, which App Service authentication sets (Access:EasyAuth), is "
                    + "missing, and this route records who asks."
            );
        }
        return Check(Header, HeaderText.Decode(Header, request.Headers[Header].ToString()))
            ?? throw RequestProblem.BadRequest($"The header {Header} is missing; it names who asks.");
    }

    /// <summary>The caller whatever name goes with it, by which two names are known for one; null where names are all there is.</summary>
    public static string? ReadRequesterId(this HttpRequest request) => Caller.Of(request).Id;

    /// <param name="place">Where it was said instead.</param>
    public static string Misplaced(string place) =>
        $"'{FormerName}' is not taken in the {place}; who asks is named in the header {Header}, percent-encoded in UTF-8.";

    /// <summary>Null for no name.</summary>
    /// <exception cref="RequestProblem">It is too long, or has characters that cannot be printed.</exception>
    public static string? Check(string header, string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }
        return name.Length <= MaxCharacters && !name.Any(char.IsControl)
            ? name.Trim()
            : throw RequestProblem.BadRequest(
                $"The header {header} has {name.Length} characters; allowed are 1 to {MaxCharacters} printable ones."
            );
    }
}
