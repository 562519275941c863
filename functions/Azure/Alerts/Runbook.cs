using System.Reflection;

namespace Serverless.Functions.Azure.Alerts;

/// <summary>A text under Runbooks/, in the Markdown that the console shows: headings, paragraphs, lists and code.</summary>
/// <param name="Name">That of a rule, or of what people do by hand.</param>
internal sealed record Runbook(string Name, string Text)
{
    private const string Prefix = "runbooks/";
    private const string Suffix = ".md";

    public static IReadOnlyList<Runbook> All { get; } = Load(typeof(Runbook).Assembly);

    public string Title => Text.Split('\n')[0].TrimStart('#', ' ').TrimEnd();

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
