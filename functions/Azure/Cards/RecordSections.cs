using Serverless.Cards;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Registry.Signatures;
using static Serverless.Functions.Azure.Cards.CardText;

namespace Serverless.Functions.Azure.Cards;

/// <summary>Sections of a model's card that tell who decided and signed, and whether the records of it are whole.</summary>
internal static class RecordSections
{
    public static CardSection Oversight(IReadOnlyList<HistoryRecord> records, IReadOnlyList<string> faults) =>
        new(
            CardParts.Oversight,
            "Approvals and rollouts",
            [.. faults.Select(fault => Fact("Corrupt", fault))],
            [
                new CardTable(
                    records.Count > MaxRows ? $"Decisions, the latest {MaxRows} of {records.Count}" : "Decisions",
                    ["When", "Environment", "What", "By", "Why"],
                    [
                        .. records
                            .OrderByDescending(record => record.At)
                            .Take(MaxRows)
                            .Select(record => (string?[])[Time(record.At), record.Environment, Say(record), record.By, record.Why]),
                    ]
                ),
            ]
        );

    private static string Say(HistoryRecord record) =>
        record.Event switch
        {
            HistoryEvent.Noted => "noted",
            HistoryEvent.Withdrawn => $"withdrawn, from version {record.From}",
            _ => $"{record.Event.ToString().ToLowerInvariant()} to version {record.Version}"
                + (record.From is { } from ? $" from {from}" : ""),
        };

    public static CardSection Security(ModelManifest manifest, IReadOnlyList<SignatureStanding> signatures) =>
        new(
            CardParts.Security,
            "Integrity",
            [
                Fact("Package digest, checked before each load", manifest.Digest),
                Fact("Files", Number(manifest.Files.Count)),
                Fact("Package signed by", manifest.Signature?.Signer),
                Fact("The publisher's signature", manifest.Signature is { } signed ? Say(signed) : null),
            ],
            [
                new CardTable(
                    "Signatures over the manifest",
                    ["Environment", "Demanded", "Valid one by a key of the environment"],
                    [
                        .. signatures.Select(standing =>
                            (string?[])
                                [
                                    standing.Environment,
                                    standing.IsDemanded ? "yes" : "no",
                                    standing.IsDemanded ? (standing.IsSigned ? "yes" : "no") : null,
                                ]
                        ),
                    ]
                ),
            ]
        );

    private static string Say(PackageSignature signature) =>
        signature.IsVerified
            ? $"by a {signature.Method} that is trusted; verified when it was registered"
            : $"by a {signature.Method} of somebody whom nobody here knows; the files are those that were signed";

    public static CardSection Records(
        IReadOnlyList<(string Environment, HistoryVerdict Verdict)> chains,
        IReadOnlyList<ReportEntry> reports
    ) =>
        new(
            CardParts.Records,
            "Records",
            [],
            [
                new CardTable(
                    "History of the model, chained by hashes",
                    ["Environment", "Records", "Whole", "Head"],
                    [
                        .. chains.Select(chain =>
                            (string?[])
                                [
                                    chain.Environment,
                                    Number(chain.Verdict.Records),
                                    chain.Verdict.Intact
                                        ? "yes"
                                        : $"no: {string.Join(" ", chain.Verdict.Faults.Select(fault => fault.What))}",
                                    chain.Verdict.Head,
                                ]
                        ),
                    ]
                ),
                new CardTable(
                    "Reports kept beside the package",
                    ["Report", "Bytes", "Written"],
                    [.. reports.Take(MaxRows).Select(entry => (string?[])[entry.Name, Number(entry.Bytes), Time(entry.At)])]
                ),
            ]
        );
}
