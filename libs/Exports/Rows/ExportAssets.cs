using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Serverless.Exports.Rows;

/// <summary>
/// Of which assets an export has rows, as 128 bits of XXH3 each: five million assets take 0.2 GB in memory and 165 MB stored. For one
/// export.
/// </summary>
internal sealed class ExportAssets
{
    private readonly HashSet<UInt128> _keys = [];

    public int Count => _keys.Count;

    public void Add(string? asset)
    {
        if (asset is not null)
        {
            _keys.Add(HashOf(asset));
        }
    }

    public bool HasAny(IEnumerable<string> assets) => assets.Any(asset => _keys.Contains(HashOf(asset)));

    /// <summary>A line each.</summary>
    public async Task WriteAsync(Stream lines, CancellationToken cancellationToken)
    {
        await using StreamWriter writer = new(lines, leaveOpen: true);
        foreach (UInt128 key in _keys.Order())
        {
            await writer.WriteAsync(LineOf(key).AsMemory(), cancellationToken);
            await writer.WriteAsync('\n');
        }
    }

    public static async Task<bool> ContainsAsync(Stream lines, string asset, CancellationToken cancellationToken)
    {
        string wanted = LineOf(HashOf(asset));
        using StreamReader reader = new(lines);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line == wanted)
            {
                return true;
            }
        }
        return false;
    }

    private static UInt128 HashOf(string asset) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(asset.AsSpan()));

    private static string LineOf(UInt128 key) => key.ToString("x32", CultureInfo.InvariantCulture);
}
