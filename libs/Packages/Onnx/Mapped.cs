using System.IO.MemoryMappedFiles;

namespace Serverless.Packages.Onnx;

/// <summary>Files read in place: weights make nearly all of a model, and are looked at once.</summary>
internal static class Mapped
{
    public delegate T Reader<T>(ReadOnlySpan<byte> bytes);

    public static unsafe T Read<T>(string path, long offset, int length, Reader<T> read)
    {
        using var mapping = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using MemoryMappedViewAccessor view = mapping.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            return read(new ReadOnlySpan<byte>(start + view.PointerOffset, length));
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
