using Microsoft.AspNetCore.Http;

namespace Serverless.Functions.Azure.Http;

/// <summary>Some of many, and the token by which the rest is asked for.</summary>
/// <param name="Incomplete">Why there are fewer items than there could be; absent where there are not.</param>
internal sealed record ListAnswer<T>(IReadOnlyList<T> Items, string? Next, string? Incomplete = null);

internal static class Answers
{
    /// <summary>Written like every record of ours: camel case, enums by name.</summary>
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK) => new JsonAnswer<T>(value, status);
}
