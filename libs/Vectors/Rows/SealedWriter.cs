using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Serverless.Vectors.Rows;

/// <summary>An asset among some rows, to be written with others.</summary>
internal readonly record struct RowsOfAsset(IRows Rows, RowMemory Memory, int Asset);

/// <summary>Writes assets of any rows into one sealed file, which appears whole or not at all. Holds what is scanned in memory.</summary>
internal sealed unsafe class SealedWriter(string space, string source, int dimensions, IReadOnlyList<RowsOfAsset> assets)
{
    private const int BufferBytes = 1 << 20;
    private readonly List<string> _kinds = [];

    public void Write(string path)
    {
        string unfinished = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (FileStream file = new(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes))
            {
                Write(file);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private void Write(FileStream file)
    {
        int rows = assets.Sum(one => one.Rows.RowsOf(one.Asset).Count);
        RowMemory memory = RowMemory.Allocate(new RowLayout(dimensions, rows));
        CopyScanned(memory);
        byte[] tables = WriteTables(rows, out long assetBytes, out long labelBytes);
        ReadOnlySpan<byte> scanned = new(memory.Codes, checked((int)memory.Layout.Bytes));
        SealedHeader header = new(
            dimensions,
            rows,
            assets.Count,
            assetBytes,
            labelBytes,
            Crc32C.Of(scanned),
            Crc32C.Of(tables),
            space,
            source,
            _kinds
        );
        file.Write(header.Write());
        file.Write(scanned);
        Pad(file);
        file.Write(tables);
        Pad(file);
        WriteVectors(file);
        GC.KeepAlive(memory);
    }

    private void CopyScanned(RowMemory to)
    {
        int row = 0;
        foreach (RowsOfAsset one in assets)
        {
            RowRange range = one.Rows.RowsOf(one.Asset);
            for (int from = range.First; from < range.First + range.Count; from++, row++)
            {
                to.Copy(row, one.Memory, from, KindOf(one.Rows.Kinds[one.Memory.Kinds[from]]));
            }
        }
    }

    private byte KindOf(string kind)
    {
        int known = _kinds.IndexOf(kind);
        if (known < 0)
        {
            known = _kinds.Count;
            _kinds.Add(kind);
        }
        return checked((byte)known);
    }

    private byte[] WriteTables(int rows, out long assetBytes, out long labelBytes)
    {
        long[] assetOffsets = new long[assets.Count + 1],
            labelOffsets = new long[rows + 1];
        int[] firstRows = new int[assets.Count + 1];
        using MemoryStream assetBlob = new(),
            labelBlob = new();
        int row = 0;
        for (int i = 0; i < assets.Count; i++)
        {
            (assetOffsets[i], firstRows[i]) = (assetBlob.Length, row);
            RowsOfAsset one = assets[i];
            SealedText.WriteAsset(assetBlob, one.Rows.AssetId(one.Asset), one.Rows.Owner(one.Asset));
            RowRange range = one.Rows.RowsOf(one.Asset);
            for (int from = range.First; from < range.First + range.Count; from++)
            {
                labelOffsets[row++] = labelBlob.Length;
                SealedText.WriteLabel(labelBlob, one.Rows.Label(from));
            }
        }
        (assetOffsets[^1], firstRows[^1], labelOffsets[^1]) = (assetBlob.Length, row, labelBlob.Length);
        (assetBytes, labelBytes) = (assetBlob.Length, labelBlob.Length);
        return
        [
            .. MemoryMarshal.AsBytes<long>(assetOffsets),
            .. MemoryMarshal.AsBytes<long>(labelOffsets),
            .. MemoryMarshal.AsBytes<int>(firstRows),
            .. assetBlob.GetBuffer().AsSpan(0, (int)assetBytes),
            .. labelBlob.GetBuffer().AsSpan(0, (int)labelBytes),
        ];
    }

    private void WriteVectors(FileStream file)
    {
        byte[] bytes = new byte[(dimensions + 1) * sizeof(float)];
        Span<float> vector = MemoryMarshal.Cast<byte, float>(bytes.AsSpan())[..dimensions];
        foreach (RowsOfAsset one in assets)
        {
            RowRange range = one.Rows.RowsOf(one.Asset);
            for (int row = range.First; row < range.First + range.Count; row++)
            {
                one.Memory.ReadVector(one.Rows, row, vector);
                BinaryPrimitives.WriteUInt32LittleEndian(
                    bytes.AsSpan(dimensions * sizeof(float)),
                    Crc32C.Of(bytes.AsSpan(0, dimensions * sizeof(float)))
                );
                file.Write(bytes);
            }
        }
    }

    private static void Pad(FileStream file)
    {
        Span<byte> zeros = stackalloc byte[(int)(SealedHeader.Align(file.Position) - file.Position)];
        zeros.Clear();
        file.Write(zeros);
    }
}
