using System.Text.Json;
using Xunit;

namespace Serverless.Unit.Statistics.Shifts;

/// <summary>What tests/Data/statistics/make_expected.py recorded.</summary>
internal static class ScipyValues
{
    private static readonly JsonElement Root = JsonDocument
        .Parse(File.ReadAllBytes(SourceTree.PathOf("tests/Data/statistics/expected.json")))
        .RootElement;

    public static TheoryData<string> Names(string list) => [.. List(list).Select(row => row.GetProperty("name").GetString()!)];

    public static JsonElement Named(string list, string name) => List(list).Single(row => row.GetProperty("name").GetString() == name);

    public static IEnumerable<JsonElement> List(string list) => Root.GetProperty(list).EnumerateArray();

    public static double Number(this JsonElement row, string key) => row.GetProperty(key).GetDouble();

    public static T[] Array<T>(this JsonElement row, string key) => row.GetProperty(key).Deserialize<T[]>()!;
}
