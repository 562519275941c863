using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Ingest;

/// <summary>The records of this library are written like all of ours.</summary>
public static class AssetsJson
{
    public static JsonSerializerOptions Options => StoredJson.Options;

    public static BinaryData Write<T>(T value) => StoredJson.Write(value);

    public static T Read<T>(BinaryData data) => StoredJson.Read<T>(data);
}
