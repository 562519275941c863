namespace Serverless.Drift.Summaries;

/// <summary>What was wrong with captured files and lines.</summary>
/// <param name="Damaged">Files that end before their end.</param>
/// <param name="Misdated">Lines whose time is not in the hour of their file, left out.</param>
/// <param name="Late">Files that came after the hour had been summarised.</param>
/// <param name="FirstDamage">Where, and what was found.</param>
/// <param name="DamagedLines">Lines that cannot be read, left out; those after them are not.</param>
/// <param name="Crowded">
/// Lines of environments beyond the number that an hour keeps apart, which are summed up together as "(others)".
/// </param>
/// <param name="Named">The first of all these, each with what is wrong; at most <see cref="MaxNamed"/>.</param>
public sealed record CaptureFaults(
    int Damaged,
    long Misdated,
    int Late,
    string? FirstDamage = null,
    long DamagedLines = 0,
    long Crowded = 0,
    IReadOnlyList<string>? Named = null
)
{
    public const int MaxNamed = 20;

    public static CaptureFaults None { get; } = new(0, 0, 0);

    public CaptureFaults Add(CaptureFaults other) =>
        new(
            Damaged + other.Damaged,
            Misdated + other.Misdated,
            Late + other.Late,
            FirstDamage ?? other.FirstDamage,
            DamagedLines + other.DamagedLines,
            Crowded + other.Crowded,
            other.Named is null ? Named : [.. (Named ?? []).Union(other.Named, StringComparer.Ordinal).Take(MaxNamed)]
        );
}
