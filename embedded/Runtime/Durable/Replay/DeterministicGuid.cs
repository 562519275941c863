using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Embedded.Runtime.Durable.Replay;

/// <summary>Name-based GUIDs (RFC 9562 version 5), made as the cloud engine makes them: the same in every replay.</summary>
internal static class DeterministicGuid
{
    // The namespace that the cloud engine uses for orchestration GUIDs.
    private static readonly byte[] Namespace = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    public static Guid Create(string instanceId, DateTime now, int counter)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{instanceId}_{now:o}_{counter}");
#pragma warning disable CA5350 // version 5 is defined over SHA-1; nothing here is a secret
        byte[] hash = SHA1.HashData([.. Namespace, .. Encoding.UTF8.GetBytes(name)]);
#pragma warning restore CA5350

        ushort version = BinaryPrimitives.ReadUInt16BigEndian(hash.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(hash.AsSpan(6), (ushort)((version & 0x0FFF) | 0x5000));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
