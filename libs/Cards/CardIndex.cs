using static Serverless.Cards.CardParts;

namespace Serverless.Cards;

/// <summary>Something that a law or a framework asks for, and the sections of a card that tell of it.</summary>
/// <param name="Sections">None where the card has nothing on it.</param>
public sealed record IndexEntry(string Framework, string Reference, string Heading, IReadOnlyList<string> Sections);

/// <summary>
/// The headings of Regulation (EU) 2024/1689, Annex IV and Articles 9 to 15, and of the AI Risk Management Framework 1.0 (NIST AI 100-1),
/// in our words. An entry points to what is recorded; it does not say that a duty is met.
/// </summary>
internal static class CardIndex
{
    private const string Act = "EU AI Act";
    private const string Nist = "NIST AI RMF";

    private static readonly (string Framework, string Reference, string Heading, string[] Sections)[] Entries =
    [
        (Act, "Annex IV 1(a)", "Intended purpose, provider, version", [Purpose, Identity]),
        (Act, "Annex IV 1(b)", "How it works with other hardware and software", [Inputs, Serving]),
        (Act, "Annex IV 1(c)", "Versions of software", [Identity, Serving]),
        (Act, "Annex IV 1(e)", "Hardware on which it runs", [Performance, Limits]),
        (Act, "Annex IV 1(h)", "Instructions for use", [Purpose, Inputs]),
        (Act, "Annex IV 2(a)", "How it was developed, and what it is built on", [Data]),
        (Act, "Annex IV 2(b)", "Design: what it decides, on what, by which choices", [Inputs, Purpose]),
        (Act, "Annex IV 2(c)", "Architecture and what it takes to compute", [Inputs, Limits, Cost]),
        (Act, "Annex IV 2(d)", "Data: provenance, selection, labels", [Data]),
        (Act, "Annex IV 2(e)", "Human oversight", [Oversight]),
        (Act, "Annex IV 2(f)", "Changes that were planned beforehand", [Oversight, Monitoring]),
        (Act, "Annex IV 2(g)", "Validation and tests: data, metrics, reports", [Performance]),
        (Act, "Annex IV 2(h)", "Cybersecurity", [Security]),
        (Act, "Annex IV 3", "Capabilities and limits, accuracy for groups", [Performance, Limits, Monitoring]),
        (Act, "Annex IV 4", "Why these metrics", []),
        (Act, "Annex IV 5", "Risk management", []),
        (Act, "Annex IV 6", "Changes over the lifecycle", [Oversight, Records]),
        (Act, "Annex IV 7", "Harmonised standards that were applied", []),
        (Act, "Annex IV 8", "EU declaration of conformity", []),
        (Act, "Annex IV 9", "Monitoring after it was placed on the market", [Monitoring]),
        (Act, "Article 9", "Risk management system", [Monitoring, Oversight]),
        (Act, "Article 10", "Data and data governance", [Data]),
        (Act, "Article 11", "Technical documentation", [Identity]),
        (Act, "Article 12", "Record-keeping", [Records]),
        (Act, "Article 13", "Transparency towards deployers", [Purpose, Performance, Limits]),
        (Act, "Article 14", "Human oversight", [Oversight]),
        (Act, "Article 15", "Accuracy, robustness, cybersecurity", [Performance, Limits, Security]),
        (Nist, "Govern 1", "Policies and processes", [Oversight, Records]),
        (Nist, "Govern 2", "Who is accountable", [Oversight, Identity]),
        (Nist, "Govern 3", "Diversity of those who decide", []),
        (Nist, "Govern 4", "A culture that considers risk", []),
        (Nist, "Govern 5", "Feedback of those who are affected", [Monitoring]),
        (Nist, "Govern 6", "Software and data of third parties", [Data, Purpose]),
        (Nist, "Map 1", "Context", [Purpose]),
        (Nist, "Map 2", "Category of the system", [Inputs, Identity]),
        (Nist, "Map 3", "Capabilities, usage, goals, costs", [Purpose, Cost]),
        (Nist, "Map 4", "Risks of components, third parties' included", [Data, Limits]),
        (Nist, "Map 5", "Impact on people", []),
        (Nist, "Measure 1", "Methods and metrics", [Performance]),
        (Nist, "Measure 2", "Evaluation of trustworthiness", [Performance, Limits, Security]),
        (Nist, "Measure 3", "Risks tracked over time", [Monitoring]),
        (Nist, "Measure 4", "Feedback on the measurements", [Monitoring]),
        (Nist, "Manage 1", "Risks ranked and answered", [Oversight, Monitoring]),
        (Nist, "Manage 2", "Going on, falling back, switching off", [Oversight, Serving]),
        (Nist, "Manage 3", "Risks of third parties managed", [Data, Security]),
        (Nist, "Manage 4", "Treatment, response, recovery", [Monitoring, Records]),
    ];

    public static IReadOnlyList<IndexEntry> Of(IReadOnlyList<CardSection> sections) =>
        [
            .. Entries.Select(entry => new IndexEntry(
                entry.Framework,
                entry.Reference,
                entry.Heading,
                [.. entry.Sections.Where(id => sections.Any(section => section.Id == id))]
            )),
        ];
}
