namespace Serverless.Functions.Azure.Http;

/// <summary>A request that cannot be answered as asked: the status, and for the caller what was found and what is allowed.</summary>
internal sealed class RequestProblem(int status, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    /// <summary>When trying again may help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>As much is being done as is allowed at a time; a place may be free in a second.</summary>
    public static RequestProblem TooMany(string detail) => new(429, detail) { RetryAfter = TimeSpan.FromSeconds(1) };

    public static RequestProblem BadRequest(string detail) => new(400, detail);

    /// <param name="given">What gives out such tokens.</param>
    public static RequestProblem UnknownToken(string given = "list") =>
        BadRequest($"after is no token that a {given} has given; allowed is the value of 'next' of the page before.");

    public static RequestProblem NotFound(string detail) => new(404, detail);

    public static RequestProblem Conflict(string detail) => new(409, detail);

    public static RequestProblem TooLarge(string detail) => new(413, detail);

    public static RequestProblem Unsupported(string detail) => new(415, detail);
}
