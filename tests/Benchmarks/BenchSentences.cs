using System.Text.RegularExpressions;
using Serverless.Local.Stack;

namespace Serverless.Benchmarks;

/// <summary>Sentences as people write them: of the checkout's comments and documents, and of the texts in a folder that is named.</summary>
internal static partial class BenchSentences
{
    /// <summary>Names the folder; tagged texts (.conll) in it are put together again.</summary>
    public const string FolderVariable = "BENCH_TEXTS";

    private const int FewestWords = 4;
    private const int MostCharacters = 400;
    private const double FewestLetters = 0.7;

    private static readonly string[] Folders = ["functions", "orchestrations", "gpu-batch", "libs", "local", "samples", "tests"];

    /// <summary>Each once, in an order that is the same for the same files.</summary>
    public static string[] Read()
    {
        IEnumerable<string> files = Folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), "*", SearchOption.AllDirectories))
            .Where(path => !BuildOutput().IsMatch(path))
            .Concat(Directory.EnumerateFiles(Checkout.Root, "*.md"));
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named)
        {
            files = files.Concat(Directory.EnumerateFiles(named, "*", SearchOption.AllDirectories));
        }
        return [.. files.Order(StringComparer.Ordinal).SelectMany(SentencesOf).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> SentencesOf(string path)
    {
        string text = Path.GetExtension(path) switch
        {
            ".cs" => string.Join(' ', Comment().Matches(File.ReadAllText(path)).Select(comment => comment.Groups[1].Value)),
            ".conll" => TaggedLine().Replace(File.ReadAllText(path), "$1 "),
            ".md" or ".txt" or ".html" or ".htm" or ".jsonl" => File.ReadAllText(path),
            _ => "",
        };
        return Boundary().Split(Markup().Replace(text, " ")).Select(sentence => Spaces().Replace(sentence, " ").Trim()).Where(IsSentence);
    }

    private static bool IsSentence(string text) =>
        text.Length <= MostCharacters
        && text.Split(' ').Length >= FewestWords
        && text.Count(c => char.IsLetter(c) || c == ' ') >= FewestLetters * text.Length;

    [GeneratedRegex(@"[\\/](bin|obj|node_modules)[\\/]")]
    private static partial Regex BuildOutput();

    [GeneratedRegex(@"//+ ?(.*)")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^([^\t\r\n]+)\t[^\r\n]*\r?\n", RegexOptions.Multiline)]
    private static partial Regex TaggedLine();

    [GeneratedRegex(@"<[^>]*>|[`*#|{}\[\]""]")]
    private static partial Regex Markup();

    [GeneratedRegex(@"(?<=[.!?:;])\s+|\r?\n\s*\r?\n|\\n")]
    private static partial Regex Boundary();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
