using Microsoft.AspNetCore.Http;

namespace Serverless.Functions.Azure.Http;

/// <summary>A body of a cancellation or a rollback, which may be left out.</summary>
internal sealed record ReasonRequest(string? Reason)
{
    private const int MaxCharacters = 500;
    private const int MaxBytes = 16 << 10;

    public static async Task<string?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> body = await RequestBody.ReadAsync(request, MaxBytes, cancellationToken);
        return Check(BodyReader.ParseOptionalJson<ReasonRequest>(body)?.Reason);
    }

    /// <summary>Of an act for which a reason is needed.</summary>
    public static async Task<string> DemandAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Demand(await ReadAsync(request, cancellationToken));

    public static string Demand(string? reason) =>
        Check(reason) ?? throw RequestProblem.BadRequest("reason is missing; it says why this is done.");

    public static string? Check(string? reason) =>
        reason is { Length: > MaxCharacters } || reason?.Any(char.IsControl) == true
            ? throw RequestProblem.BadRequest($"reason has {reason.Length} characters; allowed are {MaxCharacters} printable ones.")
        : string.IsNullOrWhiteSpace(reason) ? null
        : reason.Trim();
}
