using Serverless.Runs;

namespace Serverless.Unit.Runs;

internal static class RunsOf
{
    public static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 0, 0, TimeSpan.Zero);

    /// <summary>A run that was created so many minutes after the start, and last seen then.</summary>
    public static RunEntry Run(string id, double minute = 0, RunStatus status = RunStatus.Completed, string name = "IngestAsset") =>
        new()
        {
            Id = id,
            Name = name,
            Status = status,
            Created = Start.AddMinutes(minute),
            Updated = Start.AddMinutes(minute),
            Ended = status is RunStatus.Completed or RunStatus.Failed or RunStatus.Terminated ? Start.AddMinutes(minute + 1) : null,
        };
}
