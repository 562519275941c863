using Serverless.Captures;

namespace Serverless.Exports.Rows;

/// <summary>Counts by reason, of what is not in an export or not whole. Belongs to the one export that counts.</summary>
internal sealed class LeftOut
{
    public const string Elsewhere = "predictions of other environments";
    public const string Failed = "predictions that failed";
    public const string Invalid = "predictions whose answer was invalid";
    public const string Malformed = "lines that no service of ours writes";
    public const string Filtered = "predictions that a filter left out";
    public const string SampledOut = "predictions that the share left out";
    public const string BeyondRows = "predictions beyond the rows that were asked for";
    public const string Doubled = "lines that came twice";
    public const string Unlabelled = "predictions of which no label was reported";
    public const string Unsealed = "feedback whose prediction's id is not sealed, so that anybody may have made it up";
    public const string Orphaned = "feedback on predictions that are not here";
    public const string UnknownLabels = "reported labels that are none of the version's, where texts are redacted";
    public const string NotFinite = "values that are not finite numbers";
    public const string Names = "values of features and entities whose names are too long, odd or too many";
    public const string Vectors = "vectors of too many dimensions, or with values that are not finite numbers";
    public const string Texts = "texts in which entities could not be masked, or that are too long";
    public const string Languages = "languages that are no language tags";
    public const string Unanalysed = "analyses of uploads that do not stand any more, or not yet";
    public const string Erased = "predictions on uploads that were erased";
    public const string DamagedFiles = "captured files that end before their end";
    public const string DamagedLines = "captured lines that cannot be read";

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Add(CaptureDamage damage) => Add(damage.EndsFile ? DamagedFiles : DamagedLines);

    public void Add(string reason, long count = 1)
    {
        if (count > 0)
        {
            _counts[reason] = _counts.GetValueOrDefault(reason) + count;
        }
    }
}
