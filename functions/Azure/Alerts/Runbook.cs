using System.Globalization;
using System.Reflection;
using System.Text;

namespace Serverless.Functions.Azure.Alerts;

/// <summary>A text under Runbooks/, in the Markdown that the console shows: headings, paragraphs, lists and code.</summary>
/// <param name="Name">That of a rule, or of what people do by hand.</param>
internal sealed record Runbook(string Name, string Text)
{
    public const string Suffix = ".md";

    private const string Prefix = "runbooks/";

    public static IReadOnlyList<Runbook> All { get; } = Load(typeof(Runbook).Assembly);

    public string Title => Text.Split('\n')[0].TrimStart('#', ' ').TrimEnd();

    /// <summary>All in one text, for whoever is to read how this app is run: their headings are a level lower.</summary>
    public static string Document()
    {
        StringBuilder document = new("# Runbooks\n\nWhat to do when an alert opens, and how people do by hand what is done rarely.\n\n");
        foreach (Runbook runbook in All)
        {
            document.Append(CultureInfo.InvariantCulture, $"- `{runbook.Name}`: {runbook.Title}\n");
        }
        foreach (Runbook runbook in All)
        {
            document.Append(CultureInfo.InvariantCulture, $"\n## {runbook.Title}\n\nThis is the runbook `{runbook.Name}`.\n");
            foreach (string line in runbook.Text.TrimEnd().Split('\n').Skip(1))
            {
                document.Append(line.StartsWith('#') ? "#" : "").Append(line).Append('\n');
            }
        }
        return document.ToString();
    }

    private static Runbook[] Load(Assembly assembly) =>
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new Runbook(name[Prefix.Length..^Suffix.Length], Read(assembly, name))),
        ];

    private static string Read(Assembly assembly, string name)
    {
        using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
