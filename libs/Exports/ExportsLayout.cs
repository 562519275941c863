namespace Serverless.Exports;

/// <summary>Where exports lie.</summary>
internal static class ExportsLayout
{
    public const string Prefix = "exports/";
    public const string CardFile = "/card.json";

    public static string DataOf(string name, string version) => $"{Prefix}{name}/{version}/data.parquet";

    public static string AssetsOf(string name, string version) => $"{Prefix}{name}/{version}/assets.txt";

    public static string RemovalOf(string name, string version) => $"{Prefix}{name}/{version}/removed.json";

    public static string CardOf(string name, string version) => $"{Prefix}{name}/{version}{CardFile}";
}
