using System.Globalization;
using System.Text;

namespace Serverless.Cards;

/// <summary>
/// A card as Markdown (CommonMark with the tables of GitHub). Every text of others is escaped; a publisher's words are quoted as they are,
/// in a block of code.
/// </summary>
public static class CardMarkdown
{
    public const string ContentType = "text/markdown; charset=utf-8";

    /// <summary>What means something within a line; nothing of others begins one.</summary>
    private const string Special = "\\`*_[]<>|~&#";

    public static string Write(Card card)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# {Escape(card.Title)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Of what was recorded up to {card.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.\n");
        foreach (CardSection section in card.Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {Escape(section.Title)}\n\n");
            foreach (CardFact fact in section.Facts)
            {
                text.Append(CultureInfo.InvariantCulture, $"- {Escape(fact.Name)}: {Value(fact.Value)}\n");
            }
            foreach (CardTable table in section.Tables)
            {
                WriteTable(text, table);
            }
            if (section.Words is { } words)
            {
                WriteWords(text, words);
            }
        }
        WriteIndex(text, card);
        return text.ToString();
    }

    private static void WriteTable(StringBuilder text, CardTable table)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n### {Escape(table.Caption)}\n\n");
        if (table.Rows.Count == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Escape(table.Empty)}\n");
            return;
        }
        WriteRow(text, table.Columns.Select(Escape));
        WriteRow(text, table.Columns.Select(_ => "---"));
        foreach (IReadOnlyList<string?> row in table.Rows)
        {
            WriteRow(text, row.Select(Value));
        }
    }

    private static void WriteIndex(StringBuilder text, Card card)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## Index by law and framework\n\n{IndexWords.Caution}\n");
        foreach (IGrouping<string, IndexEntry> framework in card.Index.GroupBy(entry => entry.Framework))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {Escape(framework.Key)}\n\n");
            WriteRow(text, ["Heading", "About", "Section"]);
            WriteRow(text, ["---", "---", "---"]);
            foreach (IndexEntry entry in framework)
            {
                string where = string.Join(", ", entry.Sections.Select(id => Escape(IndexWords.TitleOf(card, id))));
                WriteRow(text, [Escape(entry.Reference), Escape(entry.Heading), where.Length == 0 ? Value(null) : where]);
            }
        }
    }

    /// <summary>In a fence longer than any in the words, so that they cannot end it.</summary>
    private static void WriteWords(StringBuilder text, PublisherWords words)
    {
        int longest = 2,
            run = 0;
        foreach (char c in words.Text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        string fence = new('`', longest + 1);
        text.Append(CultureInfo.InvariantCulture, $"\n### What the publisher says ({Escape(words.File)})\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{fence}markdown\n{words.Text.ReplaceLineEndings("\n").TrimEnd()}\n{fence}\n");
    }

    private static void WriteRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Value(string? value) => value is null ? $"_{Card.NotRecorded}_" : Escape(value);

    /// <summary>CommonMark 0.31, section 2.4: any of ASCII's punctuation may be escaped.</summary>
    private static string Escape(string value)
    {
        StringBuilder escaped = new(value.Length);
        foreach (char c in value)
        {
            if (char.IsControl(c))
            {
                escaped.Append(' ');
                continue;
            }
            if (Special.Contains(c))
            {
                escaped.Append('\\');
            }
            escaped.Append(c);
        }
        return escaped.ToString();
    }
}
