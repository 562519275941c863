namespace Serverless.Runs;

/// <summary>Which runs are meant: those that everything set here admits. A filter that sets nothing admits all.</summary>
public sealed record RunFilter
{
    private const string Failed = "failed";

    /// <summary>Any of these; empty for all.</summary>
    public IReadOnlyList<RunKind> Kinds { get; init; } = [];

    /// <summary>Any of these; empty for all.</summary>
    public IReadOnlyList<RunStatus> Statuses { get; init; } = [];

    /// <summary>Any of these in any case; empty for all. A run that failed came to "failed" where it says nothing else.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = [];

    /// <summary>Names of orchestrations, any of these in any case; empty for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public string? IdPrefix { get; init; }

    /// <summary>The id of the run that started them.</summary>
    public string? Parent { get; init; }

    /// <summary>Created then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Each of these, as "name:value".</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Part of the id, the failure or the kept beginning of input, output or custom status, in any case.</summary>
    public string? Text { get; init; }

    public bool Admits(RunEntry run) => HasKind(run) && HasStatus(run) && HasOutcome(run) && HasName(run) && AdmitsWhatever(run);

    internal bool HasKind(RunEntry run) => Kinds.Count == 0 || Kinds.Contains(run.Kind);

    internal bool HasStatus(RunEntry run) => Statuses.Count == 0 || Statuses.Contains(run.Status);

    internal bool HasOutcome(RunEntry run) => IsAmong(Outcomes, OutcomeOf(run));

    /// <summary>Where nobody asks for it, the status alone says that a run failed.</summary>
    internal string? OutcomeOf(RunEntry run) =>
        run.Outcome ?? (run.Status == RunStatus.Failed && Outcomes.Count > 0 && IsAmong(Outcomes, Failed) ? Failed : null);

    internal bool HasName(RunEntry run) => IsAmong(Names, run.Name);

    /// <summary>
    /// Whatever its kind, status, outcome and name, by which runs are counted. Texts are looked at last, since they take longest.
    /// </summary>
    internal bool AdmitsWhatever(RunEntry run) =>
        !run.IsPurged
        && !(run.Created < From)
        && !(run.Created >= To)
        && (IdPrefix is null || run.Id.StartsWith(IdPrefix, StringComparison.Ordinal))
        && (Parent is null || run.Parent == Parent)
        && HasTags(run)
        && HasText(run);

    private static bool IsAmong(IReadOnlyList<string> allowed, string? found)
    {
        if (allowed.Count == 0)
        {
            return true;
        }
        foreach (string one in allowed)
        {
            if (string.Equals(one, found, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private bool HasTags(RunEntry run)
    {
        foreach (string tag in Tags)
        {
            if (run.Tags?.Contains(tag) != true)
            {
                return false;
            }
        }
        return true;
    }

    private bool HasText(RunEntry run) =>
        Text is null || Has(run.Id) || Has(run.Input) || Has(run.Output) || Has(run.CustomStatus) || Has(run.Failure);

    private bool Has(string? text) => text?.Contains(Text!, StringComparison.OrdinalIgnoreCase) == true;
}
