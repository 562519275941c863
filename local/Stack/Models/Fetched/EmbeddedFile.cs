using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Serverless.Local.Stack.Models.Fetched;

/// <summary>Reads a manifest resource of an assembly that is never loaded.</summary>
internal static class EmbeddedFile
{
    /// <exception cref="FetchException">The assembly has no such resource.</exception>
    public static async Task CopyAsync(string assembly, string resource, string to, CancellationToken cancellationToken)
    {
        await using FileStream from = File.OpenRead(assembly);
        (long start, long length) = Find(from, resource) ?? throw new FetchException($"{Path.GetFileName(assembly)} holds no {resource}.");
        from.Position = start;
        await using FileStream file = File.Create(to);
        byte[] buffer = new byte[1 << 20];
        for (long left = length; left > 0; )
        {
            Memory<byte> part = buffer.AsMemory(0, (int)Math.Min(left, buffer.Length));
            await from.ReadExactlyAsync(part, cancellationToken);
            await file.WriteAsync(part, cancellationToken);
            left -= part.Length;
        }
    }

    /// <summary>A resource is its length in four bytes and then its content (ECMA-335, II.24.2.4 and II.22.24).</summary>
    private static (long Start, long Length)? Find(FileStream assembly, string name)
    {
        using PEReader image = new(assembly, PEStreamOptions.LeaveOpen);
        MetadataReader metadata = image.GetMetadataReader();
        foreach (ManifestResource resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            if (resource.Implementation.IsNil && metadata.StringComparer.Equals(resource.Name, name))
            {
                int address = image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress + (int)resource.Offset;
                SectionHeader section = image.PEHeaders.SectionHeaders[image.PEHeaders.GetContainingSectionIndex(address)];
                long start = section.PointerToRawData + address - section.VirtualAddress;
                return (start + sizeof(int), image.GetSectionData(address).GetReader().ReadInt32());
            }
        }
        return null;
    }
}
