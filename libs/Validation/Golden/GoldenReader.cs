using System.Text.Json;
using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Validation.Golden;

/// <summary>
/// Reads golden sets line by line; the first line that is wrong is named with its number. Items that a person rejected are passed over.
/// </summary>
public static class GoldenReader
{
    internal const int MaxItems = 20_000;
    internal const int MaxBytes = 64 << 20;

    private const int MaxLineBytes = 8 << 20;

    /// <exception cref="GoldenException"/>
    public static IReadOnlyList<GoldenItem> Read(ReadOnlyMemory<byte> lines, ModelTask task)
    {
        List<GoldenItem> items = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach ((int number, ReadOnlyMemory<byte> line) in Split(lines))
        {
            if (items.Count == MaxItems)
            {
                throw new GoldenException(GoldenFault.TooLarge, $"Line {number} is item {MaxItems + 1}; allowed are {MaxItems}.");
            }
            if (line.Length > MaxLineBytes)
            {
                throw new GoldenException(
                    GoldenFault.TooLarge,
                    $"Line {number} has {line.Length:N0} bytes; allowed are {MaxLineBytes:N0}."
                );
            }
            GoldenItem item = Parse(line, number);
            if (item.Review == GoldenReview.Rejected)
            {
                continue;
            }
            if (GoldenRules.Fault(task, item) is { } fault)
            {
                throw Invalid(number, fault);
            }
            if (!ids.Add(item.Id))
            {
                throw Invalid(number, $"the id '{item.Id}' was there before");
            }
            if (items.Count > 0 && items[0].Vector is null != item.Vector is null)
            {
                throw Invalid(number, "an item with a vector is among items with documents; all must be of one sort");
            }
            items.Add(item);
        }
        return items.Count > 0
            ? items
            : throw new GoldenException(
                GoldenFault.Invalid,
                $"The golden set has no item in {lines.Span.Count((byte)'\n') + 1} lines; one JSON object a line is wanted."
            );
    }

    /// <summary>The lines of the others as they are; of nothing else may anybody judge, and nothing else is kept.</summary>
    internal static ReadOnlyMemory<byte> WithoutRejected(ReadOnlyMemory<byte> lines)
    {
        if (lines.Span.IndexOf("\"rejected\""u8) < 0)
        {
            return lines;
        }
        using MemoryStream others = new(lines.Length);
        foreach ((int number, ReadOnlyMemory<byte> line) in Split(lines))
        {
            if (Parse(line, number).Review != GoldenReview.Rejected)
            {
                others.Write(line.Span);
                others.WriteByte((byte)'\n');
            }
        }
        return others.ToArray();
    }

    /// <summary>Each line as it is, whatever is said of it, and whatever a task wants of it.</summary>
    internal static IReadOnlyList<GoldenItem> Parse(ReadOnlyMemory<byte> lines) =>
        [.. Split(lines).Select(one => Parse(one.Line, one.Number))];

    /// <summary>The lines that are not empty, without the blanks around them, and their numbers from 1.</summary>
    internal static IEnumerable<(int Number, ReadOnlyMemory<byte> Line)> Split(ReadOnlyMemory<byte> lines)
    {
        int number = 1;
        for (ReadOnlyMemory<byte> rest = lines; !rest.IsEmpty; number++)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> line = (end < 0 ? rest : rest[..end]).Trim(" \r\t"u8);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!line.IsEmpty)
            {
                yield return (number, line);
            }
        }
    }

    private static GoldenItem Parse(ReadOnlyMemory<byte> line, int number)
    {
        try
        {
            return GivenJson.Read<GoldenItem>(line);
        }
        catch (JsonException e)
        {
            throw Invalid(number, JsonFault.Describe(e).Split(" Path:")[0].TrimEnd('.'));
        }
    }

    private static GoldenException Invalid(int line, string fault) => new(GoldenFault.Invalid, $"Line {line}: {fault}.");
}
