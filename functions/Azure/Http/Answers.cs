using Microsoft.AspNetCore.Http;
using Serverless.Ingest;

namespace Serverless.Functions.Azure.Http;

/// <summary>Some of many, and the token by which the rest is asked for.</summary>
internal sealed record ListAnswer<T>(IReadOnlyList<T> Items, string? Next);

internal static class Answers
{
    /// <summary>Written like every record of ours: camel case, enums by name.</summary>
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK) => Results.Json(value, AssetsJson.Options, statusCode: status);
}
