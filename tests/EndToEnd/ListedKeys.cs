using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Serverless.EndToEnd;

/// <summary>Function keys that a stack's host takes beside its own, each of which the app knows to have some roles only.</summary>
internal static class ListedKeys
{
    public const string Reader = "key-of-the-end-to-end-reader";
    public const string Caller = "key-of-the-end-to-end-caller";

    public static readonly byte[] TestSigningKey = Encoding.UTF8.GetBytes("signs arms in end-to-end tests");

    public static (string Key, string Value)[] Settings { get; } =
    [
        ("Access:Keys:reader:Sha256", Hash(Reader)),
        ("Access:Keys:reader:Roles", "read"),
        ("Access:Keys:caller:Sha256", Hash(Caller)),
        ("Access:Keys:caller:Roles", "predict"),
        ("Access:TestSigningKey", Convert.ToBase64String(TestSigningKey)),
    ];

    /// <summary>Writes the host's file of keys before its first start; what it lacks the host adds.</summary>
    public static void Write(string dataDirectory)
    {
        Directory.CreateDirectory(dataDirectory);
        var keys = new
        {
            masterKey = RandomNumberGenerator.GetHexString(64),
            functionKeys = new Dictionary<string, string>
            {
                ["default"] = RandomNumberGenerator.GetHexString(64),
                ["reader"] = Reader,
                ["caller"] = Caller,
            },
        };
        File.WriteAllBytes(Path.Combine(dataDirectory, "keys.json"), JsonSerializer.SerializeToUtf8Bytes(keys));
    }

    private static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
