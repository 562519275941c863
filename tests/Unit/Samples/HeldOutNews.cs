using System.Text.RegularExpressions;
using Serverless.Inference;
using Serverless.Unit.Inference;

namespace Serverless.Unit.Samples;

/// <summary>Sentences that were written to measure models; no model was trained on them.</summary>
internal static partial class HeldOutNews
{
    /// <summary>With marked names.</summary>
    public static (string Text, EntitySpan[] Names)[] ReadNamed() => [.. Lines("named_held.txt").Select(Unmark)];

    /// <summary>Ten of each of fourteen topics.</summary>
    public static (string Text, string Topic)[] Read()
    {
        List<(string, string)> found = [];
        string topic = "";
        foreach (string line in Lines("news_held.txt"))
        {
            if (line.StartsWith('['))
            {
                topic = line.Trim('[', ']');
            }
            else
            {
                found.Add((line, topic));
            }
        }
        return [.. found];
    }

    private static IEnumerable<string> Lines(string file) =>
        File.ReadLines(TestModels.Data($"../../samples/scripts/texts/{file}")).Where(line => line.Length > 0 && !line.StartsWith('#'));

    private static (string, EntitySpan[]) Unmark(string line)
    {
        List<EntitySpan> names = [];
        string text = "";
        int at = 0;
        foreach (Match mark in Mark().Matches(line))
        {
            text += line[at..mark.Index];
            names.Add(new EntitySpan(text.Length, mark.Groups[1].Length, mark.Groups[2].Value, 1));
            text += mark.Groups[1].Value;
            at = mark.Index + mark.Length;
        }
        return (text + line[at..], [.. names]);
    }

    [GeneratedRegex(@"\[([^|\]]+)\|([A-Z]+)\]")]
    private static partial Regex Mark();
}
