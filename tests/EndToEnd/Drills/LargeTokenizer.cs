using System.Globalization;
using System.Text.Json.Nodes;

namespace Serverless.EndToEnd.Drills;

/// <summary>
/// A model for entities, of whose graph no table is as long as its vocabulary: nearly as many tokens as a tokenizer may have, of which its
/// texts use none.
/// </summary>
internal static class LargeTokenizer
{
    private const int Tokens = 400_000;
    private const int TokenLength = 18;

    public static string Make(string folder)
    {
        StuckModel.Make(folder);
        string file = Path.Combine(folder, "tokenizer.json");
        JsonNode root = JsonNode.Parse(File.ReadAllText(file))!;
        JsonObject vocabulary = root["model"]!["vocab"]!.AsObject();
        Random random = new(Path.GetFileName(folder).Sum(letter => letter));
        for (int id = vocabulary.Count; id < Tokens; id++)
        {
            // What they begin with differs, so that they share nothing.
            string token = string.Create(CultureInfo.InvariantCulture, $"{random.Next():x8}{id:x10}");
            vocabulary[token[..TokenLength]] = id;
        }
        File.WriteAllText(file, root.ToJsonString());
        string settings = Path.Combine(folder, "config.json");
        JsonNode config = JsonNode.Parse(File.ReadAllText(settings))!;
        config["vocab_size"] = Tokens;
        File.WriteAllText(settings, config.ToJsonString());
        return folder;
    }
}
