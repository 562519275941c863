using Serverless.Packages;

namespace Serverless.Registry;

/// <summary>Where the registry keeps what, in the one store it has.</summary>
internal static class RegistryLayout
{
    public const string VersionsPrefix = "registry/versions/";
    public const string ManifestFile = "manifest.json";
    public const string ReportsFolder = "reports";
    public const string SignaturesFolder = "signatures";

    /// <summary>Which numbers of a name were given to which digests.</summary>
    public static string Versions(string name) => $"{VersionsPrefix}{name}.json";

    public static string Package(ModelVersion version) => $"registry/models/{version.Name}/{version.Version}/";

    public static string Manifest(ModelVersion version) => Package(version) + ManifestFile;

    public static string Reports(ModelVersion version) => $"{Package(version)}{ReportsFolder}/";

    public static string Signatures(ModelVersion version) => $"{Package(version)}{SignaturesFolder}/";

    public static string Signature(ModelVersion version, string keyId) => $"{Signatures(version)}{keyId}.json";

    public static string AliasPrefix(string environment) => $"registry/aliases/{environment}/";

    public static string Alias(string environment, string name) => $"{AliasPrefix(environment)}{name}.json";

    public static string ChangeMark(string environment) => $"registry/changes/{environment}.txt";

    public static string History(string environment, string name) => $"registry/history/{environment}/{name}.jsonl";

    /// <summary>Older parts of a long history, each named by the sequence number of its first record.</summary>
    public static string HistoryParts(string environment, string name) => $"registry/history/{environment}/{name}/";
}
