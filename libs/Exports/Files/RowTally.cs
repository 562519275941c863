using Serverless.Exports.Rows;

namespace Serverless.Exports.Files;

/// <summary>Counts the rows that are written, for the data card. For one export.</summary>
internal sealed class RowTally
{
    private const int MaxValues = 100;
    private const string Others = "(others)";
    private const string None = "(none)";

    private readonly Dictionary<string, int> _sources = [],
        _labels = [],
        _targets = [],
        _languages = [];
    private int _labelled,
        _reported,
        _vectors,
        _texts;

    public int Rows { get; private set; }

    public ExportAssets Assets { get; } = new();

    /// <summary>What must not be among the rows.</summary>
    public IReadOnlySet<string> Erased { get; set; } = new HashSet<string>();

    public void Add(JoinedRow row)
    {
        Rows++;
        Assets.Add(row.Row.Asset);
        _labelled += row.Target is null ? 0 : 1;
        _reported += row.Report is null ? 0 : 1;
        _vectors += row.Row.Vector is null ? 0 : 1;
        _texts += row.Row.Text is null ? 0 : 1;
        Add(_sources, row.Row.Source);
        Add(_labels, row.Target ?? row.Row.Label);
        Add(_targets, row.Target);
        Add(_languages, row.Row.Language);
    }

    /// <param name="analysed">Rows of which an analysis says something.</param>
    public CardCounts ToCounts(int analysed) =>
        new(_labelled, _reported, _vectors, _texts, MostOf(_sources), MostOf(_labels), MostOf(_targets), MostOf(_languages), analysed);

    private static void Add(Dictionary<string, int> counts, string? value) =>
        counts[value ?? None] = counts.GetValueOrDefault(value ?? None) + 1;

    private static SortedDictionary<string, int> MostOf(Dictionary<string, int> counts)
    {
        KeyValuePair<string, int>[] ordered =
        [
            .. counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal),
        ];
        SortedDictionary<string, int> most = new(ordered.Take(MaxValues).ToDictionary(), StringComparer.Ordinal);
        if (ordered.Length > MaxValues)
        {
            most[Others] = ordered.Skip(MaxValues).Sum(count => count.Value);
        }
        return most;
    }
}
