using Serverless.Exports.Asks;

namespace Serverless.Exports.Rows;

/// <summary>The names that become columns: of too many the first ones, whatever the order in which they come. For one export.</summary>
internal sealed class ColumnNames
{
    private const int MaxCharacters = 64;

    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> All => _names;

    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxCharacters && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    public void Add(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (_names.Add(name) && _names.Count > ExportLimits.MaxColumns)
            {
                _names.Remove(_names.Max!);
            }
        }
    }
}
