using System.IO.MemoryMappedFiles;

namespace Serverless.Vectors.Rows;

/// <summary>
/// Rows of a sealed file, mapped: labels and vectors are read from it where a search needs them, what is scanned unless it was loaded.
/// The mapping ends when the index has closed it and the last reader has left. Thread-safe.
/// </summary>
internal sealed unsafe class SealedRows : IRows
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly SealedHeader _header;
    private readonly long* _assetOffsets;
    private readonly long* _labelOffsets;
    private readonly int* _firstRows;
    private readonly byte* _assets;
    private readonly byte* _labels;
    private readonly byte* _vectors;
    private readonly ulong[] _assetKeys; // with those of places, read when the file is opened: 8 bytes an asset and a row
    private readonly ulong[] _placeKeys;
    private volatile bool _isDamaged;

    private SealedRows(string path, bool isSpill, MemoryMappedViewAccessor view, byte* start, SealedHeader header, int headerBytes)
    {
        (Path, IsSpill, _view, _header) = (path, isSpill, view, header);
        Mapped = RowMemory.Mapped(header.Layout, start + headerBytes);
        _assetOffsets = (long*)(start + header.TablesAt(headerBytes));
        _labelOffsets = _assetOffsets + header.Assets + 1;
        _firstRows = (int*)(_labelOffsets + header.Rows + 1);
        _assets = (byte*)(_firstRows + header.Assets + 1);
        _labels = _assets + header.AssetBytes;
        _vectors = start + header.VectorsAt(headerBytes);
        Ordinals = new int[header.Assets];
        _assetKeys = new ulong[header.Assets];
        _placeKeys = new ulong[header.Rows];
        ReadKeys();
    }

    public string Path { get; }

    /// <summary>Made by the index itself from what had been written to it.</summary>
    public bool IsSpill { get; }

    /// <summary>What is scanned, in the file.</summary>
    public RowMemory Mapped { get; }
    public int Rows => _header.Rows;
    public int Assets => _header.Assets;
    public IReadOnlyList<string> Kinds => _header.Kinds;
    public bool IsSealed => true;

    /// <summary>Numbers of the assets in the whole index: written by it before a snapshot shows these rows, and not after.</summary>
    public int[] Ordinals { get; }

    /// <summary>Of what is held in memory beside what is scanned: numbers and keys.</summary>
    public long Bytes => Assets * (long)(sizeof(int) + sizeof(ulong)) + Rows * (long)sizeof(ulong);

    /// <summary>A vector was read whose checksum is another.</summary>
    public bool IsDamaged => _isDamaged;

    /// <summary>Maps a file and verifies all of it but the vectors, each of which is verified when it is read.</summary>
    /// <exception cref="FormatException">It is damaged, or of another space, object or length of vectors; says what was found.</exception>
    public static SealedRows Open(string path, string space, string source, int dimensions, bool isSpill = false)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        byte[] head = new byte[Math.Min(SealedHeader.MaxBytes, file.Length)];
        file.ReadExactly(head);
        (SealedHeader header, int headerBytes) = SealedHeader.Read(head);
        Check(header, space, source, dimensions);
        if (file.Length != header.FileBytes(headerBytes))
        {
            throw new FormatException($"is {file.Length} bytes long; {header.FileBytes(headerBytes)} expected");
        }
        using MemoryMappedFile mapped = MemoryMappedFile.CreateFromFile(
            file,
            null,
            0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            leaveOpen: true
        );
        MemoryMappedViewAccessor view = mapped.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            CheckPart("what is scanned", start + headerBytes, header.Layout.Bytes, header.ScanChecksum);
            CheckPart("the tables", start + header.TablesAt(headerBytes), header.TablesBytes, header.TablesChecksum);
            return new SealedRows(path, isSpill, view, start, header, headerBytes);
        }
        catch
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            throw;
        }
    }

    public ReadOnlySpan<byte> AssetId(int asset) => SealedText.ReadId(AssetBytes(asset));

    public AssetVersion Owner(int asset) => SealedText.ReadOwner(AssetBytes(asset), RowsOf(asset).Count == 0);

    public RowRange RowsOf(int asset) => new(_firstRows[asset], _firstRows[asset + 1] - _firstRows[asset]);

    public VectorLabel Label(int row) => SealedText.ReadLabel(LabelBytes(row), Owner(AssetOf(row)));

    public ReadOnlySpan<float> Vector(int row)
    {
        byte* bytes = _vectors + (long)row * _header.VectorBytes;
        int length = _header.Dimensions * sizeof(float);
        if (Crc32C.Of(new ReadOnlySpan<byte>(bytes, length)) == *(uint*)(bytes + length))
        {
            return new ReadOnlySpan<float>(bytes, _header.Dimensions);
        }
        _isDamaged = true;
        return [];
    }

    public int OrdinalOfRow(int row) => Ordinals[AssetOf(row)];

    public void Mark(AssetSet assets, Span<ulong> rows)
    {
        for (int asset = 0; asset < Assets; asset++)
        {
            if (!assets.Contains(Ordinals[asset]))
            {
                continue;
            }
            for (int row = _firstRows[asset]; row < _firstRows[asset + 1]; row++)
            {
                rows[row >> 6] |= 1UL << row;
            }
        }
    }

    public void Visit(int from, int end, VisitRow visit)
    {
        for (int asset = from < end ? AssetOf(from) : Assets; asset < Assets && _firstRows[asset] < end; asset++)
        {
            for (int row = Math.Max(from, _firstRows[asset]); row < Math.Min(end, _firstRows[asset + 1]); row++)
            {
                visit(_assetKeys[asset], row, _placeKeys[row]);
            }
        }
    }

    public bool TryEnter()
    {
        bool entered = false;
        try
        {
            _view.SafeMemoryMappedViewHandle.DangerousAddRef(ref entered);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        return entered;
    }

    public void Leave() => _view.SafeMemoryMappedViewHandle.DangerousRelease();

    public void Close()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }

    private static void Check(SealedHeader header, string space, string source, int dimensions)
    {
        if (header.Space != space || header.Source != source)
        {
            throw new FormatException($"holds {header.Source} of the space {header.Space}; {source} of {space} expected");
        }
        if (header.Dimensions != dimensions)
        {
            throw new FormatException($"holds vectors of {header.Dimensions} dimensions; {dimensions} expected");
        }
    }

    private static void CheckPart(string name, byte* start, long bytes, uint checksum)
    {
        Crc32C crc = new();
        const int chunk = 1 << 30; // a span holds no more than 2^31
        for (long at = 0; at < bytes; at += chunk)
        {
            crc.Append(new ReadOnlySpan<byte>(start + at, (int)Math.Min(bytes - at, chunk)));
        }
        if (crc.Value != checksum)
        {
            throw new FormatException($"the checksum of {name} is {crc.Value:x8}; {checksum:x8} is stored");
        }
    }

    private void ReadKeys()
    {
        for (int asset = 0; asset < Assets; asset++)
        {
            _assetKeys[asset] = PlaceKey.Of(0, AssetId(asset));
            for (int row = _firstRows[asset]; row < _firstRows[asset + 1]; row++)
            {
                _placeKeys[row] = PlaceKey.Of(_assetKeys[asset], SealedText.ReadPlace(LabelBytes(row)));
            }
        }
    }

    private int AssetOf(int row)
    {
        // The last asset that begins at or before the row; those without rows begin where the next does.
        int low = 0,
            high = Assets - 1;
        while (low < high)
        {
            int middle = low + (high - low + 1) / 2;
            (low, high) = _firstRows[middle] <= row ? (middle, high) : (low, middle - 1);
        }
        return low;
    }

    private ReadOnlySpan<byte> LabelBytes(int row) => new(_labels + _labelOffsets[row], (int)(_labelOffsets[row + 1] - _labelOffsets[row]));

    private ReadOnlySpan<byte> AssetBytes(int asset) =>
        new(_assets + _assetOffsets[asset], (int)(_assetOffsets[asset + 1] - _assetOffsets[asset]));
}
