using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Access;

/// <summary>
/// Who may choose the arm that answers a call: whoever may publish, since they bring the versions that are to be tried and moving nothing
/// takes no operator, and whoever was given a signature of model, arm and time. Thread-safe.
/// </summary>
public sealed class ForcedArm(AccessOptions options, TimeProvider time)
{
    public const string Header = "X-Rollout-Arm";

    /// <summary>Holds <c>{expires}.{signature}</c>.</summary>
    public const string SignatureHeader = "X-Rollout-Arm-Signature";

    /// <summary>How the signature is described to callers.</summary>
    public const string SignatureDescription =
        "With X-Rollout-Arm, for who lacks the role publish: `{expires}.{signature}`, the seconds since 1970 until when it holds, at most "
        + "24 hours ahead, and in hexadecimal the HMAC-SHA256 of `{model}|{arm}|{expires}` by Access:TestSigningKey";

    internal const int MinKeyBytes = 24;

    private const int MaxCharacters = 128;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private readonly Followed<AccessOptions> _options = options.Follow(current => current);

    /// <exception cref="RequestProblem">The caller may neither publish nor has a signature that holds.</exception>
    public void Check(HttpRequest request, string model, string arm)
    {
        Caller caller = Caller.Of(request);
        if (caller.Roles.HasFlag(AccessRoles.Publish) || FaultOf(request.Headers[SignatureHeader].ToString(), model, arm) is not { } fault)
        {
            return;
        }
        throw new RequestProblem(
            StatusCodes.Status403Forbidden,
            $"{Header} needs the role publish, or a signature; {caller.Title} has {caller.Roles.Write()}, and {fault}."
        );
    }

    internal static bool IsKey(string text) =>
        Convert.TryFromBase64String(text, new byte[text.Length], out int length) && length >= MinKeyBytes;

    private string? FaultOf(string signed, string model, string arm)
    {
        if (signed.Length == 0)
        {
            return $"the header {SignatureHeader} is missing";
        }
        string? key = _options.Current.TestSigningKey;
        if (string.IsNullOrEmpty(key))
        {
            return "no signature is taken here (Access:TestSigningKey is not set)";
        }
        if (
            signed.Length > MaxCharacters
            || signed.Split('.') is not [var expires, var signature]
            || !long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
        )
        {
            return $"the header {SignatureHeader} is not {{seconds since 1970}}.{{signature}} in up to {MaxCharacters} characters";
        }
        long left = seconds - time.GetUtcNow().ToUnixTimeSeconds();
        if (left <= 0 || left > Longest.TotalSeconds)
        {
            return $"the signature holds for {left:N0} seconds more; allowed are 1 to {Longest.TotalSeconds:N0}";
        }
        byte[] expected = HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes($"{model}|{arm}|{expires}"));
        // Compared as digits, so that nothing has to be decoded first.
        byte[] given = Encoding.ASCII.GetBytes(signature.ToLowerInvariant());
        return CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(expected)))
            ? null
            : $"the signature is none of '{arm}' of model '{model}'";
    }
}
