using System.Net;
using System.Text;

namespace Serverless.Cards;

/// <summary>A card as a page that people read and print. It runs nothing and fetches nothing; every text is escaped.</summary>
public static class CardHtml
{
    public const string ContentType = "text/html; charset=utf-8";

    public static string Write(Card card)
    {
        StringBuilder page = new();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
            .Append(Text(card.Title))
            .Append("</title><style>")
            .Append(CardStyle.Css)
            .Append("</style></head><body><main><h1>")
            .Append(Text(card.Title))
            .Append($"</h1><p class=\"quiet\">Of what was recorded up to {card.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.</p>");
        page.Append("<nav><ul>");
        foreach (CardSection section in card.Sections)
        {
            page.Append($"<li><a href=\"#{section.Id}\">{Text(section.Title)}</a></li>");
        }
        page.Append("<li><a href=\"#index\">Index by law and framework</a></li></ul></nav>");
        foreach (CardSection section in card.Sections)
        {
            WriteSection(page, section);
        }
        WriteIndex(page, card);
        return page.Append("</main></body></html>\n").ToString();
    }

    private static void WriteSection(StringBuilder page, CardSection section)
    {
        page.Append($"<section id=\"{section.Id}\"><h2>{Text(section.Title)}</h2>");
        if (section.Facts.Count > 0)
        {
            page.Append("<dl>");
            foreach (CardFact fact in section.Facts)
            {
                page.Append($"<dt>{Text(fact.Name)}</dt><dd>{Value(fact.Value)}</dd>");
            }
            page.Append("</dl>");
        }
        foreach (CardTable table in section.Tables)
        {
            WriteTable(page, table);
        }
        if (section.Words is { } words)
        {
            page.Append($"<h3>What the publisher says ({Text(words.File)})</h3><blockquote>")
                .Append(WordsHtml.Write(words.Text))
                .Append("</blockquote>");
        }
        page.Append("</section>");
    }

    private static void WriteTable(StringBuilder page, CardTable table)
    {
        page.Append($"<h3>{Text(table.Caption)}</h3>");
        if (table.Rows.Count == 0)
        {
            page.Append($"<p class=\"quiet\">{Text(table.Empty)}</p>");
            return;
        }
        BeginTable(page, table.Columns);
        foreach (IReadOnlyList<string?> row in table.Rows)
        {
            page.Append("<tr>");
            foreach (string? cell in row)
            {
                page.Append($"<td>{Value(cell)}</td>");
            }
            page.Append("</tr>");
        }
        EndTable(page);
    }

    private static void BeginTable(StringBuilder page, IEnumerable<string> columns)
    {
        page.Append("<div class=\"table\"><table><thead><tr>");
        foreach (string column in columns)
        {
            page.Append($"<th scope=\"col\">{Text(column)}</th>");
        }
        page.Append("</tr></thead><tbody>");
    }

    private static void EndTable(StringBuilder page) => page.Append("</tbody></table></div>");

    private static void WriteIndex(StringBuilder page, Card card)
    {
        page.Append("<section id=\"index\"><h2>Index by law and framework</h2><p class=\"quiet\">")
            .Append(Text(IndexWords.Caution))
            .Append("</p>");
        foreach (IGrouping<string, IndexEntry> framework in card.Index.GroupBy(entry => entry.Framework))
        {
            page.Append($"<h3>{Text(framework.Key)}</h3>");
            BeginTable(page, ["Heading", "About", "Section"]);
            foreach (IndexEntry entry in framework)
            {
                IEnumerable<string> links = entry.Sections.Select(id => $"<a href=\"#{id}\">{Text(IndexWords.TitleOf(card, id))}</a>");
                string where = entry.Sections.Count == 0 ? Value(null) : string.Join(", ", links);
                page.Append($"<tr><td>{Text(entry.Reference)}</td><td>{Text(entry.Heading)}</td><td>{where}</td></tr>");
            }
            EndTable(page);
        }
        page.Append("</section>");
    }

    private static string Value(string? value) => value is null ? $"<i class=\"quiet\">{Card.NotRecorded}</i>" : Text(value);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
