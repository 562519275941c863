namespace Serverless.Cards;

/// <summary>
/// What is recorded of a model version, or of the whole system, for people who must answer for it. Nothing in it is inferred: what nobody
/// recorded is a null, which readers see as "not recorded".
/// </summary>
/// <param name="Subject">"model news/3", "system".</param>
/// <param name="Index">Where what a law or a framework asks for stands among the sections.</param>
public sealed record Card(
    string Title,
    string Subject,
    DateTimeOffset At,
    IReadOnlyList<CardSection> Sections,
    IReadOnlyList<IndexEntry> Index
)
{
    public const string NotRecorded = "not recorded";

    /// <summary>With the index over its sections.</summary>
    public static Card Of(string title, string subject, DateTimeOffset at, IReadOnlyList<CardSection> sections) =>
        new(title, subject, at, sections, CardIndex.Of(sections));
}

/// <param name="Id">By which the index refers to it; one of <see cref="CardParts"/>.</param>
/// <param name="Words">Markdown of whoever made the model; null where there is none, or none belongs here.</param>
public sealed record CardSection(
    string Id,
    string Title,
    IReadOnlyList<CardFact> Facts,
    IReadOnlyList<CardTable> Tables,
    PublisherWords? Words = null
);

/// <param name="Value">Null where it is not recorded.</param>
public sealed record CardFact(string Name, string? Value);

/// <param name="Empty">What no rows mean.</param>
/// <param name="Rows">Of as many cells as there are columns; null where something is not recorded.</param>
public sealed record CardTable(
    string Caption,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<string?>> Rows,
    string Empty = Card.NotRecorded
);

/// <summary>A file of a package in which its publisher tells about the model.</summary>
/// <param name="Text">Markdown, which is shown as the publisher's own words and never as ours.</param>
public sealed record PublisherWords(string File, string Text);
