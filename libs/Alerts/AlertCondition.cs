namespace Serverless.Alerts;

/// <summary>What a look found of one thing that a rule is about, also where all is well with it.</summary>
/// <param name="Rule">The name of a rule: "backlogAge", "drift".</param>
/// <param name="Subject">What it is about: "queue gpu-jobs", "labels/3 prod input.length". An alert shows its first 200 characters.</param>
/// <param name="Summary">What was found, for people. An alert shows its first 500 characters.</param>
/// <param name="Value">In the unit of the rule's limit.</param>
/// <param name="Link">Where more of it is, as an address of this app: "/api/console#ingest".</param>
/// <param name="About">What its runbook's addresses are filled in with.</param>
public sealed record AlertCondition(
    string Rule,
    string Subject,
    bool Active,
    string Summary,
    double? Value = null,
    double? Limit = null,
    string? Link = null,
    AlertAbout? About = null
)
{
    private const int MaxSubject = 200;
    private const int MaxSummary = 500;
    private const int MaxLink = 300;

    internal (string Rule, string Subject) Key => (Rule, Subject);

    /// <summary>Of a length that a thousand of can be kept in one document; an ellipsis says that there was more.</summary>
    internal AlertCondition Bounded() =>
        this with
        {
            Subject = Cut(Subject, MaxSubject),
            Summary = Cut(Summary, MaxSummary),
            Link = Link?.Length > MaxLink ? null : Link,
        };

    private static string Cut(string text, int max) => text.Length <= max ? text : string.Concat(text.AsSpan(0, max - 1), "…");
}

/// <summary>The things that an alert is about by the names that the API has for them; absent where it is about none or many.</summary>
/// <param name="Run">Of several the one to look at first.</param>
public sealed record AlertAbout(string? Model = null, int? Version = null, string? Environment = null, string? Run = null);
