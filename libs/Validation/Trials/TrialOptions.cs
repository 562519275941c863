namespace Serverless.Validation.Trials;

/// <summary>What a process on trial may take. A model that takes more is refused, and nothing else comes to harm.</summary>
public sealed class TrialOptions
{
    /// <summary>Most resident memory, runtime included; default 4 GiB. Above it the process is killed.</summary>
    public long MaxMemoryBytes { get; set; } = 4L << 30;

    /// <summary>How long a model may take to be opened and to answer a first input; default 2 minutes.</summary>
    public TimeSpan LoadWithin { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a probe, or a batch of 32 items, may take; default 1 minute.</summary>
    public TimeSpan StepWithin { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long all of a trial may take; default 15 minutes, half of host.json's functionTimeout.</summary>
    public TimeSpan Within { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Single answers that are timed of each version; default 48. More make p95 steadier and the trial longer.</summary>
    public int TimedAnswers { get; set; } = 48;

    /// <summary>Threads of a model on trial; 0, the default, takes one for each core, as serving does.</summary>
    public int Threads { get; set; }

    /// <summary>The program that holds trials; null, the default, is the one that runs. A .dll is started by dotnet.</summary>
    public string? Program { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (MaxMemoryBytes < 256L << 20)
        {
            yield return $"Validation:Trial:MaxMemoryBytes is {MaxMemoryBytes}; allowed is {256 << 20} "
                + $"or more, since the runtime alone takes "
                + $"100 MB.";
        }
        if (LoadWithin <= TimeSpan.Zero)
        {
            yield return $"Validation:Trial:LoadWithin is {LoadWithin}; allowed is above zero.";
        }
        if (StepWithin <= TimeSpan.Zero)
        {
            yield return $"Validation:Trial:StepWithin is {StepWithin}; allowed is above zero.";
        }
        if (Within <= TimeSpan.Zero)
        {
            yield return $"Validation:Trial:Within is {Within}; allowed is above zero.";
        }
        if (TimedAnswers is < 8 or > 10_000)
        {
            yield return $"Validation:Trial:TimedAnswers is {TimedAnswers}; allowed are 8 to 10,000.";
        }
        if (Threads is < 0 or > 1_024)
        {
            yield return $"Validation:Trial:Threads is {Threads}; allowed are 0 to 1,024.";
        }
    }
}
