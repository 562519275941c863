using System.Buffers.Binary;
using Serverless.Media.Images;
using Xunit;

namespace Serverless.Unit.Media.Images;

public sealed class TiffColoursTests
{
    [Theory]
    [InlineData(2, 8, null)]
    [InlineData(8, 16, null)]
    [InlineData(8, 32, null)]
    [InlineData(8, 8, "CIELAB of 8 bits")]
    [InlineData(9, 16, "ICC L*a*b*")]
    [InlineData(10, 8, "ITU L*a*b*")]
    [InlineData(32803, 16, "a colour filter array, as cameras record it")]
    [InlineData(77, 8, "photometric interpretation 77")]
    public void FindUnread_NamesWhatLibvipsWouldTakeForOtherColours(int photometric, int bits, string? expected)
    {
        foreach (bool isLittle in (bool[])[true, false])
        {
            foreach (bool isBig in (bool[])[true, false])
            {
                Assert.Equal(expected, TiffColours.FindUnread(Tiff(photometric, bits, isLittle, isBig)));
            }
        }
    }

    [Fact]
    public void FindUnread_OfAnyDamage_Answers()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        for (int round = 0; round < 2_000; round++)
        {
            byte[] file = Tiff(8, 8, isLittle: round % 2 == 0, isBig: round % 4 < 2);
            for (int i = 0; i < 4; i++)
            {
                file[random.Next(4, file.Length)] = (byte)random.Next(256);
            }

            Exception? thrown = Record.Exception(() => TiffColours.FindUnread(file.AsSpan(0, random.Next(4, file.Length + 1))));

            Assert.True(thrown is null, $"seed {Seed}, round {round}: {thrown}");
        }
    }

    /// <summary>Two fields, the first with three numbers, which are elsewhere unless the file is a BigTIFF.</summary>
    private static byte[] Tiff(int photometric, int bits, bool isLittle, bool isBig)
    {
        List<byte> file = [.. isLittle ? "II"u8 : "MM"u8];
        int place = isBig ? 8 : 4,
            header = isBig ? 16 : 8,
            directory = isBig ? 8 + 2 * 20 : 2 + 2 * 12;
        Add(isBig ? 43 : 42, 2);
        if (isBig)
        {
            Add(8, 2);
            Add(0, 2);
        }
        Add(header, place);
        Add(2, isBig ? 8 : 2);
        Add(258, 2);
        Add(3, 2);
        Add(3, place);
        if (isBig)
        {
            Add(bits, 2);
            Add(bits, 2);
            Add(bits, 2);
            Add(0, 2);
        }
        else
        {
            Add(header + directory, 4);
        }
        Add(262, 2);
        Add(3, 2);
        Add(1, place);
        Add(photometric, 2);
        Add(0, place - 2);
        Add(bits, 2);
        return [.. file];

        void Add(int number, int size)
        {
            byte[] bytes = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            file.AddRange(isLittle ? bytes[..size] : bytes[..size].Reverse());
        }
    }
}
