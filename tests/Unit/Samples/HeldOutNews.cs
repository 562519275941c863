using Serverless.Unit.Inference;

namespace Serverless.Unit.Samples;

/// <summary>Sentences that were written to measure models, ten of each of fourteen topics; no model was trained on them.</summary>
internal static class HeldOutNews
{
    public static (string Text, string Topic)[] Read()
    {
        List<(string, string)> found = [];
        string topic = "";
        foreach (string line in File.ReadLines(TestModels.Data("../../samples/scripts/texts/news_held.txt")))
        {
            if (line.StartsWith('['))
            {
                topic = line.Trim('[', ']');
            }
            else if (line.Length > 0 && !line.StartsWith('#'))
            {
                found.Add((line, topic));
            }
        }
        return [.. found];
    }
}
