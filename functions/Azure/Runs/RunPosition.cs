using System.Globalization;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Runs;

/// <summary>A place in the list of runs, which goes from the newest to the oldest and, of the same moment, by id.</summary>
/// <param name="Id">Null for the place behind all runs of that moment.</param>
internal sealed record RunPosition(DateTimeOffset Created, string? Id)
{
    public static RunPosition Of(OrchestrationMetadata run) => new(run.CreatedAt.ToUniversalTime(), run.InstanceId);

    /// <exception cref="RequestProblem">The text is none that <see cref="ToString"/> made.</exception>
    public static RunPosition Parse(string token)
    {
        string[] parts = token.Split('-', 2);
        return
            long.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long ticks)
            && ticks >= 0
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new RunPosition(new DateTimeOffset(ticks, TimeSpan.Zero), parts.Length == 2 ? parts[1] : null)
            : throw RequestProblem.UnknownToken();
    }

    public bool IsBefore(OrchestrationMetadata run) =>
        run.CreatedAt < Created || (run.CreatedAt == Created && Id is not null && string.CompareOrdinal(run.InstanceId, Id) > 0);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Created.UtcTicks:x}{(Id is null ? "" : $"-{Id}")}");
}
